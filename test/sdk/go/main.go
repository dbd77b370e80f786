// Drives a Live API server through Google's Go SDK and prints what it received in each scenario as a line of JSON.
// Usage: go run . <pcm file> <scenario>…, all at once; the server comes from GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL.
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
	Calls            []call `json:"calls"`
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

type call struct {
	ID   string         `json:"id"`
	Name string         `json:"name"`
	Args map[string]any `json:"args"`
}

var weather = []*genai.Tool{{FunctionDeclarations: []*genai.FunctionDeclaration{{
	Name:        "get_weather",
	Description: "Looks up the weather in a city.",
	Parameters: &genai.Schema{
		Type:       genai.TypeObject,
		Properties: map[string]*genai.Schema{"city": {Type: genai.TypeString}},
		Required:   []string{"city"},
	},
}}}}

// Ends the scenario; report tells why.
func fail(err error) {
	panic(err)
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
		if message.ToolCall != nil {
			for _, asked := range message.ToolCall.FunctionCalls {
				turn.Calls = append(turn.Calls, call{asked.ID, asked.Name, asked.Args})
				answer := &genai.FunctionResponse{ID: asked.ID, Name: asked.Name, Response: map[string]any{"output": "snow"}}
				answers := []*genai.FunctionResponse{answer}
				if err := session.SendToolResponse(genai.LiveToolResponseInput{FunctionResponses: answers}); err != nil {
					fail(err)
				}
			}
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

func receiveHandle(session *genai.Session) string {
	for {
		message, err := session.Receive()
		if err != nil {
			fail(err)
		}
		if update := message.SessionResumptionUpdate; update != nil && update.Resumable {
			return update.NewHandle
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

func sendAudio(session *genai.Session, pcm []byte) {
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

func converse(scenario string, pcm []byte) (turns []result) {
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
	config := &genai.LiveConnectConfig{
		ResponseModalities:       []genai.Modality{modality},
		InputAudioTranscription:  &genai.AudioTranscriptionConfig{},
		OutputAudioTranscription: &genai.AudioTranscriptionConfig{},
	}
	switch scenario {
	case "tool":
		config.Tools = weather
	case "resumption":
		config.SessionResumption = &genai.SessionResumptionConfig{}
	}
	session, err := client.Live.Connect(ctx, model, config)
	if err != nil {
		fail(err)
	}
	defer func() { session.Close() }()
	switch scenario {
	case "text", "text-modality", "vertex-text":
		sendText(session, "Hello there, my friend")
		turns = append(turns, receiveTurn(session, nil))
	case "tool":
		sendText(session, "What is the weather like?")
		turns = append(turns, receiveTurn(session, nil))
	case "resumption":
		receiveHandle(session)
		sendText(session, "My name is Ada")
		turns = append(turns, receiveTurn(session, nil))
		config.SessionResumption.Handle = receiveHandle(session)
		session.Close()
		if session, err = client.Live.Connect(ctx, model, config); err != nil {
			fail(err)
		}
		sendText(session, "What is my name?")
		turns = append(turns, receiveTurn(session, nil))
	case "audio-streamed":
		sendAudio(session, pcm)
		turns = append(turns, receiveTurn(session, nil))
	case "interruption":
		sendText(session, "Tell me a long story")
		turns = append(turns, receiveTurn(session, func() { sendText(session, "Stop please") }))
		turns = append(turns, receiveTurn(session, nil))
	default:
		fail(fmt.Errorf("unknown scenario %q", scenario))
	}
	return turns
}

type outcome struct {
	Scenario string   `json:"scenario"`
	Turns    []result `json:"turns,omitempty"`
	Error    string   `json:"error,omitempty"`
}

func report(scenario string, pcm []byte) (told outcome) {
	told.Scenario = scenario
	defer func() {
		if failure := recover(); failure != nil {
			told.Error = fmt.Sprint(failure)
		}
	}()
	told.Turns = converse(scenario, pcm)
	return told
}

func main() {
	pcm, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	scenarios := os.Args[2:]
	outcomes := make(chan outcome)
	for _, scenario := range scenarios {
		go func() { outcomes <- report(scenario, pcm) }()
	}
	lines := json.NewEncoder(os.Stdout)
	for range scenarios {
		if err := lines.Encode(<-outcomes); err != nil {
			fail(err)
		}
	}
}
