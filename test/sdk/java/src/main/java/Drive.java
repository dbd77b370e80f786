import com.google.genai.AsyncSession;
import com.google.genai.Client;
import com.google.genai.types.AudioTranscriptionConfig;
import com.google.genai.types.Blob;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.LiveConnectConfig;
import com.google.genai.types.LiveSendClientContentParameters;
import com.google.genai.types.LiveSendRealtimeInputParameters;
import com.google.genai.types.LiveSendToolResponseParameters;
import com.google.genai.types.LiveServerContent;
import com.google.genai.types.LiveServerMessage;
import com.google.genai.types.LiveServerToolCall;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.SessionResumptionConfig;
import com.google.genai.types.Tool;
import com.google.genai.types.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Drives a Live API server through Google's Java SDK and prints what it received in each scenario as a line of
 * JSON. Usage: Drive (pcm file) (scenario)…, all at once. The server comes from the environment alone, as in a user's program.
 */
final class Drive {
  private static final String MODEL = "gemini-live-2.5-flash";
  private final LinkedBlockingQueue<LiveServerMessage> inbox = new LinkedBlockingQueue<>();
  private static final Tool WEATHER =
      Tool.builder()
          .functionDeclarations(
              FunctionDeclaration.builder()
                  .name("get_weather")
                  .description("Looks up the weather in a city.")
                  .parameters(
                      Schema.builder()
                          .type(new Type(Type.Known.OBJECT))
                          .properties(
                              Map.of("city", Schema.builder().type(new Type(Type.Known.STRING)).build()))
                          .required(List.of("city"))
                          .build())
                  .build())
          .build();
  private AsyncSession session;

  public static void main(String[] arguments) throws Exception {
    byte[] pcm = Files.readAllBytes(Path.of(arguments[0]));
    List<Thread> conversations = new ArrayList<>();
    for (String scenario : Arrays.copyOfRange(arguments, 1, arguments.length)) {
      Thread conversation = new Thread(() -> report(scenario, pcm));
      conversation.start();
      conversations.add(conversation);
    }
    for (Thread conversation : conversations) conversation.join();
    // The SDK's HTTP threads would keep the program alive for a minute.
    System.exit(0);
  }

  private static void report(String scenario, byte[] pcm) {
    String outcome;
    try {
      outcome = "\"turns\":[" + String.join(",", new Drive().converse(scenario, pcm)) + "]";
    } catch (Exception failure) {
      outcome = "\"error\":" + quoted(failure.toString());
    }
    System.out.println("{\"scenario\":" + quoted(scenario) + "," + outcome + "}");
  }

  private List<String> converse(String scenario, byte[] pcm) throws Exception {
    Client client =
        scenario.startsWith("vertex")
            ? Client.builder()
                .vertexAI(true)
                .project(System.getenv("GOOGLE_CLOUD_PROJECT"))
                .location(System.getenv("GOOGLE_CLOUD_LOCATION"))
                .build()
            : Client.builder().apiKey("any-key").build();
    AudioTranscriptionConfig transcription = AudioTranscriptionConfig.builder().build();
    LiveConnectConfig.Builder config =
        LiveConnectConfig.builder()
            .responseModalities(scenario.equals("text-modality") ? "TEXT" : "AUDIO")
            .inputAudioTranscription(transcription)
            .outputAudioTranscription(transcription);
    if (scenario.equals("tool")) config.tools(List.of(WEATHER));
    if (scenario.equals("resumption")) config.sessionResumption(SessionResumptionConfig.builder().build());
    connect(client, config.build());
    List<String> turns = new ArrayList<>();
    switch (scenario) {
      case "text", "text-modality", "vertex-text" -> {
        sendText("Hello there, my friend");
        turns.add(receiveTurn(null));
      }
      case "tool" -> {
        sendText("What is the weather like?");
        turns.add(receiveTurn(null));
      }
      case "resumption" -> {
        // No handle is waited for before: what comes before `receive` is called, this SDK drops.
        sendText("My name is Ada");
        turns.add(receiveTurn(null));
        String handle = receiveHandle();
        session.close().get(10, TimeUnit.SECONDS);
        config.sessionResumption(SessionResumptionConfig.builder().handle(handle).build());
        connect(client, config.build());
        sendText("What is my name?");
        turns.add(receiveTurn(null));
      }
      case "audio-streamed" -> {
        for (int start = 0; start < pcm.length; start += 3200) {
          byte[] chunk = Arrays.copyOfRange(pcm, start, Math.min(start + 3200, pcm.length));
          Blob audio = Blob.builder().data(chunk).mimeType("audio/pcm;rate=16000").build();
          send(LiveSendRealtimeInputParameters.builder().audio(audio).build());
        }
        send(LiveSendRealtimeInputParameters.builder().audioStreamEnd(true).build());
        turns.add(receiveTurn(null));
      }
      case "interruption" -> {
        sendText("Tell me a long story");
        turns.add(receiveTurn(() -> sendText("Stop please")));
        turns.add(receiveTurn(null));
      }
      default -> throw new IllegalArgumentException("unknown scenario " + scenario);
    }
    session.close().get(10, TimeUnit.SECONDS);
    return turns;
  }

  private void connect(Client client, LiveConnectConfig config) throws Exception {
    session = client.async.live.connect(MODEL, config).get(30, TimeUnit.SECONDS);
    session.receive(inbox::add).get(10, TimeUnit.SECONDS);
  }

  private void send(LiveSendRealtimeInputParameters input) throws Exception {
    session.sendRealtimeInput(input).get(10, TimeUnit.SECONDS);
  }

  private void sendText(String text) {
    Content turn = Content.builder().role("user").parts(Part.fromText(text)).build();
    session
        .sendClientContent(
            LiveSendClientContentParameters.builder().turns(turn).turnComplete(true).build())
        .join();
  }

  /** By which the conversation can be taken up again. */
  private String receiveHandle() throws Exception {
    for (; ; ) {
      LiveServerMessage message = inbox.poll(60, TimeUnit.SECONDS);
      if (message == null) throw new IllegalStateException("no message for a minute");
      if (message.sessionResumptionUpdate().flatMap(u -> u.resumable()).orElse(false))
        return message.sessionResumptionUpdate().get().newHandle().orElse("");
    }
  }

  private String receiveTurn(Runnable onAudio) throws Exception {
    List<String> calls = new ArrayList<>();
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
      for (FunctionCall call : message.toolCall().flatMap(LiveServerToolCall::functionCalls).orElse(List.of())) {
        calls.add(answer(call));
      }
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
        "{\"calls\":[%s],\"audioBytes\":%d,\"audioMime\":%s,\"text\":%s,\"inputTranscript\":%s,\"outputTranscript\":%s,"
            + "\"generationComplete\":%b,\"interrupted\":%b,\"turnComplete\":%b,\"totalTokens\":%d}",
        String.join(",", calls),
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

  /** Answers a call and returns it as JSON. */
  private String answer(FunctionCall call) {
    FunctionResponse response =
        FunctionResponse.builder()
            .id(call.id().orElse(""))
            .name(call.name().orElse(""))
            .response(Map.of("output", "snow"))
            .build();
    session
        .sendToolResponse(
            LiveSendToolResponseParameters.builder().functionResponses(List.of(response)).build())
        .join();
    String city = String.valueOf(call.args().orElse(Map.of()).get("city"));
    return String.format(
        "{\"id\":%s,\"name\":%s,\"args\":{\"city\":%s}}",
        quoted(call.id().orElse("")),
        quoted(call.name().orElse("")),
        quoted(city));
  }

  private static String quoted(CharSequence text) {
    return '"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
