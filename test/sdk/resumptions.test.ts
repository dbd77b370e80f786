/** A small run of the fault matrix; `node --import tsx test/soak/resumptions.ts` is the large one. */
import { expect, test } from 'vitest'
import { type FaultResult, runFaultMatrix } from '../soak/resumptions.js'

test('conversations go on after every fault, with no turn lost and none repeated', async () => {
  const results: FaultResult[] = []
  await runFaultMatrix(27, (result) => results.push(result))
  expect(results.flatMap(({ problems }) => problems)).toEqual([])
  expect(results.map(({ lost, repeated }) => lost + repeated).filter((wrong) => wrong > 0)).toEqual([])
  expect(results.length).toBeGreaterThanOrEqual(7)
  for (const { resumptions } of results) expect(resumptions).toBeGreaterThan(0)
})
