/**
 * How declared functions, calls and results are written for the model: signatures in the style of TypeScript, which is a
 * third of the tokens of JSON Schema, and a call as `→ name {"key": value}`. Knows nothing of tokens, templates or grammars.
 */
import type { FunctionDeclaration, JsonObject, JsonValue, Message } from '../../engine/index.js'
import { isObject, resolveSchema, schemaTypes } from '../function-arguments.js'

/** After it the model says what the user's words are, and writes the calls where they are a request. */
export const CALL_MARK = '→'
export const REQUEST = ' request:'
/** A request that no function fulfils. */
export const NO_FUNCTION = 'none'
/** Everything that calls no function. Telling these apart is easier for a small model than finding no function fitting. */
export const TALK_KINDS = ['statement', 'knowledge', 'refusal', 'chat'] as const
export const CALL_SEPARATOR = '; '

const MAX_DEPTH = 6
/** Enough to tell a language by. */
const MAX_PIN_CHARACTERS = 120

/**
 * Teaches the model to tell a request from talk on the same topic, with functions that nobody has. The same for every
 * application, and the first thing in the prompt, so that it is evaluated once for all of them.
 */
export const FUNCTION_GUIDE = `# Functions
A function is called only for a request that it fulfils: the user wants now what it does, or asks what it can look up. Statements, questions of general knowledge, refusals and chat call none, nor does a request for something else. Examples with other functions:
water_plants(): Water the plants.
find_recipe(dish: string): Look up a recipe.
open_blinds(side: "left" | "right"): Open the blinds.
get_score(team: string): Get the result of a team's latest match.
get_points(): Get how many bonus points the user has.
log_reading(pages: integer): Write down how much the user read.
find_film(genre?: string, day?: "today" | "tomorrow"): Look up what the cinema shows.
invite_guest(name: string, day?: "saturday" | "sunday"): Invite somebody to the house.
"Please water the plants." → request: water_plants {}
"I watered the plants this morning." → statement
"The plants in my garden are tall." → statement
"How many points have I got?" → request: get_points {}
"What are bonus points good for?" → knowledge
"Ninety points is not a lot." (Ninety = 90) → statement
"What do I need for pancakes?" → request: find_recipe {"dish": "pancakes"}
"My aunt makes great pancakes." → statement
"Who invented pancakes?" → knowledge
"¿Puedes abrir la persiana izquierda?" → request: open_blinds {"side": "left"}
"La persiana izquierda está rota." → statement
"I used to sell blinds in a shop." → statement
"Don't open the blinds." → refusal
"It's so dark in here, let in some light from the right." → request: open_blinds {"side": "right"}
"Someone opened the blinds last night." → statement
"I read thirty pages, put that down." (thirty = 30) → request: log_reading {"pages": 30}
"I read thirty pages on the train." (thirty = 30) → statement
"Anota que he leído veintidós páginas." (veintidós = 22) → request: log_reading {"pages": 22}
"Mi hermana lee todas las noches." → statement
"Did Arsenal win?" → request: get_score {"team": "Arsenal"}
"¿Cómo ha quedado el Barça?" → request: get_score {"team": "Barça"}
"How many players are in a team?" → knowledge
"We lost the match in 2012." → statement
"Do you show any comedies?" → request: find_film {"genre": "comedies"}
"¿Ponen mañana alguna de terror?" (mañana = tomorrow) → request: find_film {"genre": "terror", "day": "tomorrow"}
"My brother loves horror films." → statement
"Who won the Oscar in 1998?" → knowledge
"I'd like Paula to come over on Sunday." → request: invite_guest {"name": "Paula", "day": "sunday"}
"Paula is my best friend." → statement
"Invita también a Hugo, por favor." → request: invite_guest {"name": "Hugo"}
"Ayer regué las plantas." → statement
"Me gustan las tortitas." → statement
"My house is very old." → statement
"This is my favourite chair." → statement
"I really should water the plants more often." → statement
"The lamp and then the two chairs." (two = 2) → statement
"Deja la persiana como está." → refusal
"Can you sing me a song?" → request: none
"And how do I repair that?" → knowledge
"What should I read next?" → request: none
"What can I cook with leeks?" → request: find_recipe {"dish": "leeks"}
"How much is six plus seven?" (six = 6, seven = 7) → knowledge
"¿Me quedan puntos?" → request: get_points {}
"Find me a recipe for onion soup and water the plants." → request: find_recipe {"dish": "onion soup"}; water_plants {}
"Hello, how are you?" → chat
"¿Qué es una persiana?" → knowledge
"What's the tallest tower in the world?" → knowledge
"Work is so stressful at the moment." → statement
"The plants look thirsty, can you take care of that?" → request: water_plants {}
"Mi primo trabaja en un cine." → statement
"No, thanks." → refusal

`

/** Follows the guide: the application's own instruction and functions. */
export function instructionWithFunctions(system: string, functions: readonly FunctionDeclaration[]): string {
  const role = system === '' ? '' : `# Your role\n${system}\n\n`
  return `${role}# Your functions\n${functions.map(signature).join('\n')}`
}

export function callText(name: string, args: JsonObject): string {
  return `${CALL_MARK}${REQUEST} ${name} ${spacedJson(args)}`
}

/**
 * Small models answer a bare result in English, or with another call. `question`: what the user said last; its language
 * is the one to answer in.
 */
export function resultText(message: Extract<Message, { role: 'result' }>, question: string): string {
  const { name, result } = message
  const outcome = 'output' in result ? spacedJson(result.output) : `failed: ${spacedJson(result.error)}`
  const words = question.slice(0, MAX_PIN_CHARACTERS)
  const pin = words === '' ? '' : ` Answer in the language of these words: "${words}"`
  return `<tool_response>\n${name}: ${outcome}\n</tool_response>\nTell me the result in one short spoken sentence.${pin}`
}

/** JSON with the spaces that models are trained on, and that the grammar demands. */
export function spacedJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${spacedJson(item)}`)
  return `{${pairs.join(', ')}}`
}

function signature({ name, description, parameters }: FunctionDeclaration): string {
  const root = parameters ?? {}
  const list = propertiesOf(resolveSchema(root, root), root, 0).join(', ')
  const words = oneLine(description)
  return `${name}(${list})${words === '' ? '' : `: ${words}${/[.!?]$/.test(words) ? '' : '.'}`}`
}

function propertiesOf(schema: JsonObject, root: JsonObject, depth: number): string[] {
  if (!isObject(schema.properties)) return []
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).map(([key, declared]) => {
    const property = resolveSchema(declared, root)
    const words = typeof property.description === 'string' ? oneLine(property.description) : ''
    const comment = words === '' ? '' : ` /* ${words} */`
    return `${key}${required.includes(key) ? '' : '?'}: ${typeOf(property, root, depth + 1)}${comment}`
  })
}

function typeOf(declared: JsonValue | undefined, root: JsonObject, depth: number): string {
  const schema = resolveSchema(declared, root)
  if (depth > MAX_DEPTH) return 'any'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const branches = schema.anyOf ?? schema.oneOf
  if (Array.isArray(branches)) return branches.map((branch) => typeOf(branch, root, depth + 1)).join(' | ')
  const types = schemaTypes(schema)
  if (types.length === 0) return isObject(schema.properties) ? objectType(schema, root, depth) : 'any'
  return types
    .map((type) => {
      if (type === 'object') return objectType(schema, root, depth)
      if (type !== 'array') return type
      const item = typeOf(schema.items, root, depth + 1)
      return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
    })
    .join(' | ')
}

function objectType(schema: JsonObject, root: JsonObject, depth: number): string {
  return `{${propertiesOf(schema, root, depth).join(', ')}}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
