/**
 * Of the text in a picture the lines that a question is about, for a note that the model would otherwise read while the user waits: a token takes 10 to
 * 20 ms on two cores, and a receipt has a hundred of them. English and Spanish; in doubt all of it is told. Pure.
 */
import { any, withoutAccents } from './whole-words.js'

/** Between what a note says of the picture and the lines of text in it. */
export const TEXT_HEADING = 'Text in it:'
const HEADING = `\n${TEXT_HEADING}\n`
const MORE_TEXT = '(more text)'

/** Less text is read in a moment. */
const MUCH_LETTERS = 100
/** A line that fills so much of the widest one may go on in the next; the row of a table doesn't. */
const FULL_LINE = 0.85
/** Of a longer word the last letters may differ ("rejected", "rejects"). */
const STEM = { ending: 2, least: 4 }

/** Whoever counts or asks for everything needs all of it. */
const ASKS_FOR_ALL = anyOf(
  'how many|all|every\\w*|each|list|whole|summ\\w+|which of|most|least|\\w+est|first|last',
  'cuantos|cuantas|todos?|todas?|cada|lista|enter[oa]|resum\\w+|mas|menos|primer\\w*|ultim\\w+',
)
/** What no line is found by: how is asked, and what things with text in them are called. */
const ASKING = anyOf(
  'what|whats|which|who|whose|where|when|why|how|much|does|did|was|were|are|the|this|that|these|those|and|for|with|from|have|has|had|you|your|can|could',
  'would|will|tell|say|says|said|show|shows|see|read|look|come|came|comes|give|given|get|got|about|there|here|please|its|into|out|now|need|our',
  'screen|sign|picture|image|photo|page|camera|thing|text|word|words|line|window|paper|receipt|bill|ticket|label|table|log|note|form|card|letter',
  'que|cual|cuales|quien|donde|cuando|como|cuanto|cuanta|los|las|una|uno|este|esta|esto|ese|esa|eso|dice|pone|hay|puedes|puede|leer|lee|leeme|ver|ves|mira',
  'dime|por|para|con|del|son|fue|tiene|aqui|pantalla|cartel|imagen|foto|pagina|camara|cosa|texto|palabra|linea|ventana|papel|recibo|cuenta|factura|etiqueta|tabla|nota|tarjeta|carta',
)

function anyOf(...lists: readonly string[]): RegExp {
  return any(...lists.flatMap((list) => list.split('|')))
}

/**
 * The note with those lines alone behind what was read of it, `read` letters; undefined where the question may be about any of them, or there is little
 * text.
 */
export function linesAbout(note: string, question: string, read = 0): string | undefined {
  // A screen may show these words itself.
  const [opening, ...parts] = note.split(HEADING)
  const text = parts.join(HEADING)
  if (opening === undefined || text.length < MUCH_LETTERS) return undefined
  const lines = linesOf(text)
  const about = rowsAbout(lines, plain(question))
  if (!about) return undefined
  let end = note.length - text.length
  let readRows = 0
  for (const line of lines) {
    end += line.length + 1
    if (end <= read) readRows++
  }
  const kept = lines.filter((_, row) => row < readRows || about.has(row))
  return [opening, TEXT_HEADING, ...kept, `${MORE_TEXT}]`].join('\n')
}

/** All of the note, the lines that were picked of it first. */
export function withOtherLines(note: string, picked: string): string {
  const first = picked.slice(0, -`\n${MORE_TEXT}]`.length)
  const others = [...linesOf(note)]
  for (const line of first.split('\n')) {
    const row = others.indexOf(line)
    if (row >= 0) others.splice(row, 1)
  }
  return `${[first, ...others].join('\n')}]`
}

const linesOf = (text: string): readonly string[] => text.replace(/\]$/, '').split('\n')

/** Those lines, by their places. */
function rowsAbout(lines: readonly string[], asked: string): ReadonlySet<number> | undefined {
  const cues = ASKS_FOR_ALL.test(asked) ? [] : asked.split(/[^\p{L}\p{N}]+/u).flatMap(cue)
  if (cues.length === 0) return undefined
  const plainLines = lines.map(plain)
  // What was misread is not found, nor what is called otherwise there: then the question may be about any line.
  if (!cues.every((cue) => plainLines.some((line) => cue.test(line)))) return undefined
  const widest = Math.max(...lines.map(({ length }) => length))
  const found = plainLines.map((line) => cues.some((cue) => cue.test(line)))
  const goesOn = (row: number) =>
    found[row] && !lines[row]!.includes('|') && lines[row]!.length >= FULL_LINE * widest
  const rows = lines.flatMap((_, row) => (found[row] || goesOn(row - 1) ? [row] : []))
  const head = lines.findIndex(isHead)
  if (2 * rows.length > lines.length || rows.every((row) => row === head)) return undefined
  const isTable = head >= 0 && rows.some((row) => lines[row]!.includes('|'))
  return new Set(isTable ? [head, ...rows] : rows)
}

/** What the columns of a table are called. */
const isHead = (line: string) => line.includes('|') && !/\d/.test(line)

/** Recognised text often lacks the spaces between words, so that a longer word is looked for anywhere. */
function cue(word: string): readonly RegExp[] {
  if (word.length < 3 || ASKING.test(word)) return []
  if (word.length < STEM.least) return [any(word)]
  return [new RegExp(word.slice(0, Math.max(STEM.least, word.length - STEM.ending)), 'u')]
}

/** Lower case without accents. */
function plain(text: string): string {
  return withoutAccents(text).toLowerCase()
}
