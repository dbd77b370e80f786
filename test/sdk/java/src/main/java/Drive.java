import com.google.genai.AsyncSession;
import com.google.genai.Client;
import com.google.genai.types.AudioTranscriptionConfig;
import com.google.genai.types.Blob;
import com.google.genai.types.Content;
import com.google.genai.types.LiveConnectConfig;
import com.google.genai.types.LiveSendClientContentParameters;
import com.google.genai.types.LiveSendRealtimeInputParameters;
import com.google.genai.types.LiveServerContent;
import com.google.genai.types.LiveServerMessage;
import com.google.genai.types.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Drives a Live API server through Google's Java SDK and prints what it received as one JSON object. Usage: Drive
 * scenario [pcm file]. The server comes from the environment alone, as in a user's program.
 */
final class Drive {
  private static final String MODEL = "gemini-live-2.5-flash";
  private static final LinkedBlockingQueue<LiveServerMessage> inbox = new LinkedBlockingQueue<>();

  public static void main(String[] arguments) throws Exception {
    String scenario = arguments[0];
    Client client =
        scenario.startsWith("vertex")
            ? Client.builder()
                .vertexAI(true)
                .project(System.getenv("GOOGLE_CLOUD_PROJECT"))
                .location(System.getenv("GOOGLE_CLOUD_LOCATION"))
                .build()
            : Client.builder().apiKey("any-key").build();
    AudioTranscriptionConfig transcription = AudioTranscriptionConfig.builder().build();
    LiveConnectConfig config =
        LiveConnectConfig.builder()
            .responseModalities(scenario.equals("text-modality") ? "TEXT" : "AUDIO")
            .inputAudioTranscription(transcription)
            .outputAudioTranscription(transcription)
            .build();
    AsyncSession session = client.async.live.connect(MODEL, config).get(30, TimeUnit.SECONDS);
    session.receive(inbox::add).get(10, TimeUnit.SECONDS);
    List<String> turns = new ArrayList<>();
    switch (scenario) {
      case "text", "text-modality", "vertex-text" -> {
        sendText(session, "Hello there, my friend");
        turns.add(receiveTurn(null));
      }
      case "audio-streamed" -> {
        byte[] pcm = Files.readAllBytes(Path.of(arguments[1]));
        for (int start = 0; start < pcm.length; start += 3200) {
          byte[] chunk = Arrays.copyOfRange(pcm, start, Math.min(start + 3200, pcm.length));
          Blob audio = Blob.builder().data(chunk).mimeType("audio/pcm;rate=16000").build();
          send(session, LiveSendRealtimeInputParameters.builder().audio(audio).build());
        }
        send(session, LiveSendRealtimeInputParameters.builder().audioStreamEnd(true).build());
        turns.add(receiveTurn(null));
      }
      case "interruption" -> {
        sendText(session, "Tell me a long story");
        turns.add(receiveTurn(() -> sendText(session, "Stop please")));
        turns.add(receiveTurn(null));
      }
      default -> throw new IllegalArgumentException("unknown scenario " + scenario);
    }
    session.close().get(10, TimeUnit.SECONDS);
    System.out.println("{\"turns\":[" + String.join(",", turns) + "]}");
    // The SDK's HTTP threads would keep the program alive for a minute.
    System.exit(0);
  }

  private static void send(AsyncSession session, LiveSendRealtimeInputParameters input)
      throws Exception {
    session.sendRealtimeInput(input).get(10, TimeUnit.SECONDS);
  }

  private static void sendText(AsyncSession session, String text) {
    Content turn = Content.builder().role("user").parts(Part.fromText(text)).build();
    session
        .sendClientContent(
            LiveSendClientContentParameters.builder().turns(turn).turnComplete(true).build())
        .join();
  }

  private static String receiveTurn(Runnable onAudio) throws Exception {
    int audioBytes = 0;
    int totalTokens = 0;
    String audioMime = "";
    StringBuilder text = new StringBuilder();
    StringBuilder input = new StringBuilder();
    StringBuilder output = new StringBuilder();
    boolean generationComplete = false;
    boolean interrupted = false;
    boolean turnComplete = false;
    while (!turnComplete) {
      LiveServerMessage message = inbox.poll(60, TimeUnit.SECONDS);
      if (message == null) throw new IllegalStateException("no message for a minute");
      totalTokens = message.usageMetadata().flatMap(u -> u.totalTokenCount()).orElse(totalTokens);
      if (message.serverContent().isEmpty()) continue;
      LiveServerContent content = message.serverContent().get();
      for (Part part : content.modelTurn().flatMap(Content::parts).orElse(List.of())) {
        text.append(part.text().orElse(""));
        if (part.inlineData().isEmpty()) continue;
        audioBytes += part.inlineData().get().data().orElse(new byte[0]).length;
        audioMime = part.inlineData().get().mimeType().orElse("");
        if (onAudio != null) onAudio.run();
        onAudio = null;
      }
      content.inputTranscription().flatMap(t -> t.text()).ifPresent(input::append);
      content.outputTranscription().flatMap(t -> t.text()).ifPresent(output::append);
      generationComplete |= content.generationComplete().orElse(false);
      interrupted |= content.interrupted().orElse(false);
      turnComplete |= content.turnComplete().orElse(false);
    }
    return String.format(
        "{\"audioBytes\":%d,\"audioMime\":%s,\"text\":%s,\"inputTranscript\":%s,\"outputTranscript\":%s,"
            + "\"generationComplete\":%b,\"interrupted\":%b,\"turnComplete\":%b,\"totalTokens\":%d}",
        audioBytes,
        quoted(audioMime),
        quoted(text),
        quoted(input),
        quoted(output),
        generationComplete,
        interrupted,
        turnComplete,
        totalTokens);
  }

  private static String quoted(CharSequence text) {
    return '"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
