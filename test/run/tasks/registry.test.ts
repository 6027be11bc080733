import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { taskKinds } from '../../../src/run/tasks/index.ts'

const folder = join(import.meta.dirname, '../../../src/run/tasks')

test('every file that exports a kind of task is in the registry under its name', async () => {
  const found: Record<string, unknown> = {}
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ts'))) {
    const { default: kind } = (await import(join(folder, name))) as { default?: { kind: string } }
    if (kind === undefined) continue
    expect(name).toBe(`${kind.kind}.ts`)
    found[kind.kind] = kind
  }
  expect(taskKinds).toEqual(found)
})
