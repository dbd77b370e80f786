import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openHome } from './home.js'

const folder = mkdtempSync(join(tmpdir(), 'vivavoce-home-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('makes the folder with those above it, for the user alone', () => {
  const home = join(folder, 'a/b')
  openHome(home)
  openHome(home)
  expect(statSync(home).mode & 0o777).toBe(0o700)
})

test('a file in the way is named, with the cure', () => {
  writeFileSync(join(folder, 'file'), '')
  for (const home of [join(folder, 'file'), join(folder, 'file/home')]) {
    expect(() => openHome(home)).toThrow(
      `${home} cannot be the home: a file is in the way. Choose another with --home`,
    )
  }
})

test.runIf(existsSync('/proc/self'))('a place where the system makes no folders ends with a reason', () => {
  expect(() => openHome('/proc/x/y')).toThrow('/proc/x/y cannot be the home: no folder can be made there.')
})
