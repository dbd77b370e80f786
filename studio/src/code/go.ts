/** Google's Go SDK. */

import type { ProgramInput } from './programs'
import { sdkConfig } from './sdk-config'

export function goProgram(input: ProgramInput): string {
  const { model, isSpoken, config, tools } = sdkConfig(input)
  // The SDK's structures take the setup as JSON, so that nothing has to be spelled out twice. A raw string has no
  // backquotes in it.
  const json = JSON.stringify(config, null, '\t').replaceAll('`', '\\u0060')
  const calls = `		if message.ToolCall != nil {
			var responses []*genai.FunctionResponse
			for _, call := range message.ToolCall.FunctionCalls {
				responses = append(responses, &genai.FunctionResponse{
					ID: call.ID, Name: call.Name, Response: map[string]any{"output": "done"},
				})
			}
			if err := session.SendToolResponse(genai.LiveToolResponseInput{FunctionResponses: responses}); err != nil {
				log.Fatal(err)
			}
		}
`
  const output = isSpoken
    ? `		if content.ModelTurn != nil {
			for _, part := range content.ModelTurn.Parts {
				if part.InlineData != nil {
					audio = append(audio, part.InlineData.Data...)
				}
			}
		}
		if content.OutputTranscription != nil {
			fmt.Print(content.OutputTranscription.Text)
		}`
    : `		if content.ModelTurn != nil {
			for _, part := range content.ModelTurn.Parts {
				fmt.Print(part.Text)
			}
		}`
  return `// go get google.golang.org/genai
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"${isSpoken ? '\n\t"os"' : ''}

	"google.golang.org/genai"
)

const setup = \`${json}\`

func main() {
	ctx := context.Background()
	client, err := genai.NewClient(ctx, &genai.ClientConfig{
		APIKey:      "any",
		Backend:     genai.BackendGeminiAPI,
		HTTPOptions: genai.HTTPOptions{BaseURL: "${input.url.replace(/^http/, 'ws')}"},
	})
	if err != nil {
		log.Fatal(err)
	}
	var config genai.LiveConnectConfig
	if err := json.Unmarshal([]byte(setup), &config); err != nil {
		log.Fatal(err)
	}
	session, err := client.Live.Connect(ctx, "${model}", &config)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()

	complete := true
	err = session.SendClientContent(genai.LiveClientContentInput{
		Turns:        genai.Text("Hello! Who are you?"),
		TurnComplete: &complete,
	})
	if err != nil {
		log.Fatal(err)
	}
${isSpoken ? '\tvar audio []byte\n' : ''}	for {
		message, err := session.Receive()
		if err != nil {
			log.Fatal(err)
		}
${tools.length > 0 ? calls : ''}		content := message.ServerContent
		if content == nil {
			continue
		}
${output}
		if content.TurnComplete {
			break
		}
	}
	fmt.Println()
${
  isSpoken
    ? `	// Raw 16-bit mono at 24 kHz: ffplay -f s16le -ar 24000 answer.pcm
	if err := os.WriteFile("answer.pcm", audio, 0o644); err != nil {
		log.Fatal(err)
	}
`
    : ''
}}
`
}
