import { expect, it } from 'vitest'
import { isAssessment } from './assessments.js'

it.each([
  ["that's funny", true],
  ['very interesting', true],
  ["that's really impressive", true],
  ['how odd', true],
  ['qué interesante', true],
  ['eso es muy raro', true],
  ['fantástica', true],
  ["that's wrong", false],
  ['how far', false],
  ['how good is it', false],
  ['very slowly please', false],
  ['qué hora es', false],
  ['que lastima', true],
  ['es mentira', false],
  ['', false],
])('%s: %s', (words, expected) => expect(isAssessment(words)).toBe(expected))
