// Drives a Live API server through Google's Go SDK and prints what it received as one JSON object.
// Usage: go run . <scenario>; the server comes from GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"google.golang.org/genai"
)

const model = "gemini-live-2.5-flash"

// What one turn brought; the field names are the ones that the other languages' programs print.
type result struct {
	AudioBytes       int    `json:"audioBytes"`
	AudioMime        string `json:"audioMime"`
	Text             string `json:"text"`
	InputTranscript  string `json:"inputTranscript"`
	OutputTranscript string `json:"outputTranscript"`
	Generation       bool   `json:"generationComplete"`
	Interrupted      bool   `json:"interrupted"`
	TurnComplete     bool   `json:"turnComplete"`
	TotalTokens      int32  `json:"totalTokens"`
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// onAudio, where given, is called once, with the first audio.
func receiveTurn(session *genai.Session, onAudio func()) result {
	var turn result
	for {
		message, err := session.Receive()
		if err != nil {
			fail(err)
		}
		if message.UsageMetadata != nil {
			turn.TotalTokens = message.UsageMetadata.TotalTokenCount
		}
		content := message.ServerContent
		if content == nil {
			continue
		}
		if content.ModelTurn != nil {
			for _, part := range content.ModelTurn.Parts {
				turn.Text += part.Text
				if part.InlineData != nil {
					turn.AudioBytes += len(part.InlineData.Data)
					turn.AudioMime = part.InlineData.MIMEType
					if onAudio != nil {
						onAudio()
						onAudio = nil
					}
				}
			}
		}
		if content.InputTranscription != nil {
			turn.InputTranscript += content.InputTranscription.Text
		}
		if content.OutputTranscription != nil {
			turn.OutputTranscript += content.OutputTranscription.Text
		}
		turn.Generation = turn.Generation || content.GenerationComplete
		turn.Interrupted = turn.Interrupted || content.Interrupted
		if content.TurnComplete {
			turn.TurnComplete = true
			return turn
		}
	}
}

func sendText(session *genai.Session, text string) {
	complete := true
	turns := []*genai.Content{genai.NewContentFromText(text, genai.RoleUser)}
	if err := session.SendClientContent(genai.LiveClientContentInput{Turns: turns, TurnComplete: &complete}); err != nil {
		fail(err)
	}
}

func sendAudio(session *genai.Session, path string) {
	pcm, err := os.ReadFile(path)
	if err != nil {
		fail(err)
	}
	for start := 0; start < len(pcm); start += 3200 {
		chunk := pcm[start:min(start+3200, len(pcm))]
		blob := &genai.Blob{Data: chunk, MIMEType: "audio/pcm;rate=16000"}
		if err := session.SendRealtimeInput(genai.LiveRealtimeInput{Audio: blob}); err != nil {
			fail(err)
		}
	}
	if err := session.SendRealtimeInput(genai.LiveRealtimeInput{AudioStreamEnd: true}); err != nil {
		fail(err)
	}
}

func main() {
	scenario := os.Args[1]
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	options := &genai.ClientConfig{APIKey: "any-key", Backend: genai.BackendGeminiAPI}
	if scenario == "vertex-text" {
		options = &genai.ClientConfig{
			Backend:  genai.BackendVertexAI,
			Project:  os.Getenv("GOOGLE_CLOUD_PROJECT"),
			Location: os.Getenv("GOOGLE_CLOUD_LOCATION"),
		}
	}
	client, err := genai.NewClient(ctx, options)
	if err != nil {
		fail(err)
	}
	modality := genai.ModalityAudio
	if scenario == "text-modality" {
		modality = genai.ModalityText
	}
	session, err := client.Live.Connect(ctx, model, &genai.LiveConnectConfig{
		ResponseModalities:       []genai.Modality{modality},
		InputAudioTranscription:  &genai.AudioTranscriptionConfig{},
		OutputAudioTranscription: &genai.AudioTranscriptionConfig{},
	})
	if err != nil {
		fail(err)
	}
	defer session.Close()
	var turns []result
	switch scenario {
	case "text", "text-modality", "vertex-text":
		sendText(session, "Hello there, my friend")
		turns = append(turns, receiveTurn(session, nil))
	case "audio-streamed":
		sendAudio(session, os.Args[2])
		turns = append(turns, receiveTurn(session, nil))
	case "interruption":
		sendText(session, "Tell me a long story")
		turns = append(turns, receiveTurn(session, func() { sendText(session, "Stop please") }))
		turns = append(turns, receiveTurn(session, nil))
	default:
		fail(fmt.Errorf("unknown scenario %q", scenario))
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"turns": turns}); err != nil {
		fail(err)
	}
}
