import { describe, expect, it } from 'vitest'
import { loadMandarin, readSyllable } from './mandarin.js'
import { KOKORO_TOKENS } from './phoneme-alphabet.js'

const mandarin = await loadMandarin()
const said = (text: string) =>
  mandarin
    .segments(text, (word) => [word])
    .map(({ words, mark }) => words.map((word) => word.join('')).join(' ') + mark)
    .join(' ')

it.each([
  ['hao3', 'xau↓'],
  ['zhi1', 'ꭧɨ→'],
  ['xue2', 'ɕɥe↗'],
  ['lü4', 'ly↘'],
  ['jun1', 'ʨy→n'],
  ['yuan2', 'ɥɛ↗n'],
  ['you3', 'jou↓'],
  ['yong4', 'jʊ↘ŋ'],
  ['yi1', 'i→'],
  ['ying1', 'i→ŋ'],
  ['ya1', 'ja→'],
  ['wu3', 'u↓'],
  ['wei4', 'wei↘'],
  ['wo3', 'wo↓'],
  ['er4', 'aɚ↘'],
  ['de0', 'tɤ'],
])('%s is written %s', (syllable, written) => expect(readSyllable(syllable)).toBe(written))

describe('a sentence', () => {
  it('is words with tones and plain marks', () => {
    expect(said('你好，银行在哪里？')).toBe('ni↓xau↓, i↗nxa↗ŋ ʦai↘ na↓li↓?')
  })
  it.each([
    ['12', 'ʂɨ↗aɚ↘'],
    ['105', 'i↘pai↓li↗ŋu↓'],
    ['20000', 'aɚ↘wa↘n'],
    ['3.5', 'sa→ntjɛ↓nu↓'],
  ])('%s is read as a number', (figures, read) => expect(said(figures).replaceAll(' ', '')).toBe(read))
  it('is written in letters that the model knows', () => {
    const text = '我想知道明天的天气怎么样，谢谢！春天有雨，儿子用绿色的笔写字，圆圈、学院、军人都去了。'
    for (const letter of said(text)) expect(KOKORO_TOKENS.has(letter), letter).toBe(true)
  })
})
