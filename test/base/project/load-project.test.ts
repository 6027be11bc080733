import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { loadProject, type Section } from '../../../src/base/project/index.ts'

const storage: Section = {
  key: 'storage',
  summary: 'Where files lie.',
  schema: z.record(z.string(), z.strictObject({ url: z.string(), region: z.string().default('none') })).default({}),
}

function project(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-project-'))
  writeFileSync(join(dir, 'millrace.yml'), text)
  return dir
}

test('a project is read with the defaults of its sections, from a folder below it too', async () => {
  const dir = project('name: shop\nstorage:\n  lake: { url: "./lake" }\n')
  const config = await loadProject(dir, [storage], {})
  expect(config.name).toBe('shop')
  expect(config.sections['storage']).toEqual({ lake: { url: './lake', region: 'none' } })
})

test('an unknown key is refused with its line and what was probably meant', async () => {
  const dir = project('name: shop\nstorage:\n  lake:\n    url: ./lake\n    regoin: eu\n')
  await expect(loadProject(dir, [storage], {})).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    at: { line: 5, path: 'storage.lake.regoin' },
    hint: 'Did you mean "region"? There are: url, region.',
  })
})

test('broken YAML is refused with line and column', async () => {
  const dir = project('name: shop\nstorage: [1, 2\n')
  await expect(loadProject(dir, [storage], {})).rejects.toMatchObject({ code: 'PROJECT_INVALID', at: { line: 3 } })
})

test('environment variables are filled in, and a missing one is named without any value', async () => {
  const text = 'name: shop\nstorage:\n  lake: { url: "${LAKE}/x", region: "${REGION:-eu}" }\n'
  const config = await loadProject(project(text), [storage], { LAKE: '/data' })
  expect(config.sections['storage']).toEqual({ lake: { url: '/data/x', region: 'eu' } })
  await expect(loadProject(project(text), [storage], {})).rejects.toMatchObject({
    code: 'SECRET_MISSING',
    at: { line: 3, path: 'storage.lake.url' },
  })
})

test('a folder that is no project says how to make one', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-none-'))
  await expect(loadProject(dir, [storage], {})).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
})
