import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openResult } from './result-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vivavoce-result-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an unfinished result is gone on with, a finished one is begun anew', () => {
  const path = join(folder, 'deep', 'result.json')
  const first = openResult<number>(path, 'b', { turns: 3, nothing: undefined })
  first.add(1)
  first.add(2)
  const second = openResult<number>(path, 'b', { turns: 3 })
  expect([second.units, second.resumed]).toEqual([[1, 2], 2])
  second.add(3)
  second.finish(true, { mean: 2 })
  const file = JSON.parse(readFileSync(path, 'utf8'))
  expect(file).toMatchObject({
    complete: true,
    result: { mean: 2 },
    units: [1, 2, 3],
    configuration: { turns: 3 },
  })
  expect(file.machine.cores).toBeGreaterThan(0)
  expect(openResult<number>(path, 'b', { turns: 3 }).units).toEqual([])
})

test('what was measured otherwise is not mixed in', () => {
  const path = join(folder, 'result.json')
  openResult<number>(path, 'b', { turns: 3 }).add(1)
  expect(openResult<number>(path, 'b', { turns: 4 }).units).toEqual([])
  expect(openResult<number>(path, 'c', { turns: 3 }).units).toEqual([])
  writeFileSync(path, 'half of a fi')
  expect(openResult<number>(path, 'b', { turns: 3 }).units).toEqual([])
})
