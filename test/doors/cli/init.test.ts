import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { json, millrace, temporaryFolder } from './command-line.ts'

test('init makes a project that runs at once and names the next steps', async () => {
  await using folder = await temporaryFolder()
  const made = await millrace(['init', 'my-project'], { cwd: folder.path })
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(made.out).toContain('cd my-project')
  const dir = join(folder.path, 'my-project')
  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  for (const file of files.filter((entry) => entry.isFile())) {
    expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toMatch(/__[A-Z]+__/)
  }
  expect(await readdir(dir)).toEqual(
    expect.arrayContaining(['.gitignore', 'AGENTS.md', 'millrace.yml', 'package.json']),
  )
  const ran = await millrace(['run', 'daily', '--json'], { cwd: dir })
  expect(json(ran)).toMatchObject({ status: 'success' })
  expect(ran.code).toBe(0)
})

test('init refuses a folder that holds files, and leaves it as it was', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'mine.txt'), 'mine')
  const refused = await millrace(['init', '.', '--json'], { cwd: folder.path })
  expect(refused.code).toBe(2)
  expect(json<{ error: { code: string; hint: string } }>(refused).error).toMatchObject({
    code: expect.stringMatching(/FOLDER_NOT_EMPTY/),
    hint: expect.stringContaining('empty'),
  })
  expect(await readdir(folder.path)).toEqual(['mine.txt'])
})

test('init refuses a name that no project can have, and makes no folder', async () => {
  await using folder = await temporaryFolder()
  const { code, err } = await millrace(['init', '2nd project'], { cwd: folder.path })
  expect(code).toBe(2)
  expect(err).toContain('OPTION_INVALID: "2nd project" cannot be the name of a project')
  expect(await readdir(folder.path)).toEqual([])
})

test('init takes an empty folder, also one that git has begun', async () => {
  await using folder = await temporaryFolder()
  const dir = join(folder.path, 'fresh')
  await mkdir(join(dir, '.git'), { recursive: true })
  const made = await millrace(['init', '.', '--json'], { cwd: dir })
  expect(json<{ files: string[] }>(made).files).toContain('pipelines/daily.ts')
})
