import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { installPackages } from '../../../../src/work/model/index.ts'
import { type DbtFolder, dbtFolder } from '../dbt-folder.ts'

/** A hub on the loopback, whose packages are made of the given files. */
async function hub(
  folder: DbtFolder,
  versions: Readonly<Record<string, Readonly<Record<string, { needs?: object[]; dbt?: string[] }>>>>,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const [, api, , owner, file] = (request.url ?? '').split('/')
    if (api === 'tarballs') {
      response.end(readFileSync(join(folder.dir, 'hub', `${owner}.tar.gz`)))
      return
    }
    const name = `${owner}/${(file ?? '').replace('.json', '')}`
    const known = versions[name]
    if (!known) {
      response.writeHead(404).end('{}')
      return
    }
    const short = name.split('/')[1] ?? ''
    const entries = Object.entries(known).map(([version, { needs, dbt }]) => {
      pack(folder.dir, `${short}-${version}`, {
        'dbt_project.yml': `name: ${short}\nversion: ${version}\n`,
        [`macros/${short}.sql`]: `{% macro which() %}'${short} ${version}'{% endmacro %}`,
      })
      const tarball = `${url}/tarballs/x/${short}-${version}/x`
      return [version, { name: short, packages: needs ?? [], downloads: { tarball }, require_dbt_version: dbt ?? [] }]
    })
    response.end(JSON.stringify({ name: short, namespace: owner, versions: Object.fromEntries(entries) }))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked }
}

function pack(dir: string, name: string, files: Readonly<Record<string, string>>): void {
  // As code hosts do: one folder in the archive, with a name of its own.
  const inside = join(dir, 'hub', `${name}-folder`)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(inside, path)), { recursive: true })
    writeFileSync(join(inside, path), text)
  }
  execFileSync('tar', ['-czf', join(dir, 'hub', `${name}.tar.gz`), '-C', join(dir, 'hub'), `${name}-folder`])
}

const installed = ({ dir }: DbtFolder): string[] => readdirSync(join(dir, 'dbt_packages')).sort()
const lock = ({ dir }: DbtFolder): string => readFileSync(join(dir, 'package-lock.yml'), 'utf8')

test('packages of the hub are settled by ranges, with what they need, and locked', async () => {
  const folder = await dbtFolder({
    'packages.yml':
      'packages:\n  - package: acme/base\n    version: [">=1.0.0", "<2.0.0"]\n  - package: acme/more\n    version: 0.1.0\n',
    'models/m.sql': 'select {{ base.which() }} as base, {{ more.which() }} as more',
  })
  const { url, asked } = await hub(folder, {
    'acme/base': { '1.0.0': {}, '1.4.0': {}, '1.5.0': {}, '1.6.0': { dbt: ['>=9.0.0'] }, '2.0.0': {} },
    'acme/more': { '0.1.0': { needs: [{ package: 'acme/base', version: ['>=1.0.0', '<1.5.0'] }] } },
  })
  await expect(folder.dbt('parse')).rejects.toMatchObject({
    code: 'PACKAGE_NOT_INSTALLED',
    hint: expect.stringContaining('dbt deps'),
  })
  const environment = { DBT_PACKAGE_HUB_URL: url }
  const first = await installPackages({ dir: folder.dir, environment })
  expect(first.settled).toBe(true)
  expect(installed(folder)).toEqual(['base', 'more'])
  expect(lock(folder)).toContain('version: 1.4.0')
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect(await folder.rows('select * from m')).toEqual([['base 1.4.0', 'more 0.1.0']])

  const again = await installPackages({ dir: folder.dir, environment })
  expect(again.settled).toBe(false)
  folder.write({ 'packages.yml': 'packages: [{ package: acme/base, version: ">=1.0.0,<1.5.0" }]' })
  expect((await installPackages({ dir: folder.dir, environment })).packages).toHaveLength(2)
  expect((await installPackages({ dir: folder.dir, environment, upgrade: true })).packages).toMatchObject([
    { package: 'acme/base', version: '1.4.0' },
  ])
  expect(installed(folder)).toEqual(['base'])
  expect(asked.length).toBeGreaterThan(0)
})

test('what cannot be settled is refused, and what was installed stays', async () => {
  const folder = await dbtFolder({ 'packages.yml': 'packages: [{ package: acme/base, version: 1.0.0 }]' })
  const { url } = await hub(folder, { 'acme/base': { '1.0.0': {} } })
  const environment = { DBT_PACKAGE_HUB_URL: url }
  await installPackages({ dir: folder.dir, environment })
  folder.write({ 'packages.yml': 'packages: [{ package: acme/base, version: ">=3.0.0" }]' })
  await expect(installPackages({ dir: folder.dir, environment })).rejects.toMatchObject({
    code: 'PACKAGE_NOT_FOUND',
    message: expect.stringContaining('acme/base'),
    hint: expect.stringContaining('1.0.0'),
  })
  folder.write({ 'packages.yml': 'packages: [{ package: acme/none, version: 1.0.0 }]' })
  await expect(installPackages({ dir: folder.dir, environment })).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
  expect(installed(folder)).toEqual(['base'])
  expect(readdirSync(folder.dir).filter((name) => name.startsWith('dbt_packages.'))).toEqual([])
})

test('a package comes from git at a revision and below a folder, and is locked to the commit', async () => {
  const folder = await dbtFolder({})
  const repository = join(folder.dir, 'repository')
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b.example', ...args])
      .toString()
      .trim()
  mkdirSync(join(repository, 'inside'), { recursive: true })
  writeFileSync(join(repository, 'inside/dbt_project.yml'), 'name: fromgit\n')
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'one')
  git('tag', 'v1')
  const commit = git('rev-parse', 'HEAD')
  writeFileSync(join(repository, 'inside/dbt_project.yml'), 'name: later\n')
  git('commit', '-qam', 'two')
  folder.write({ 'packages.yml': 'packages: [{ git: repository, revision: v1, subdirectory: inside }]' })
  await installPackages({ dir: folder.dir })
  expect(installed(folder)).toEqual(['fromgit'])
  expect(lock(folder)).toContain(commit)
  expect((await installPackages({ dir: folder.dir })).settled).toBe(false)

  folder.write({ 'packages.yml': 'packages: [{ git: repository, revision: v9 }]' })
  await expect(installPackages({ dir: folder.dir })).rejects.toMatchObject({
    code: 'PACKAGE_NOT_FOUND',
    message: expect.stringContaining('v9'),
  })
  folder.write({ 'packages.yml': 'packages: [{ git: repository }]' })
  await expect(installPackages({ dir: folder.dir })).rejects.toMatchObject({
    code: 'PACKAGE_INVALID',
    hint: expect.stringContaining('subdirectory'),
  })
  folder.write({ 'packages.yml': 'packages: [{ git: "--upload-pack=touch x" }]' })
  await expect(installPackages({ dir: folder.dir })).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
  expect(existsSync(join(folder.dir, 'x'))).toBe(false)
})

test('a local package is a link, with what it needs itself', async () => {
  const folder = await dbtFolder({
    'packages.yml': 'packages: [{ local: parts/one }]',
    'parts/one/dbt_project.yml': 'name: one',
    'parts/one/packages.yml': 'packages: [{ local: parts/two }]',
    'parts/two/dbt_project.yml': 'name: two',
  })
  await installPackages({ dir: folder.dir })
  expect(installed(folder)).toEqual(['one', 'two'])
  expect(lstatSync(join(folder.dir, 'dbt_packages/one')).isSymbolicLink()).toBe(true)
  folder.write({ 'parts/two/dbt_project.yml': 'name: shop' })
  await expect(installPackages({ dir: folder.dir, upgrade: true })).rejects.toMatchObject({ code: 'PACKAGE_CONFLICT' })
})

test('a package is added to the list, whose comments stay', async () => {
  const folder = await dbtFolder({
    'packages.yml': '# ours\npackages:\n  - package: acme/base # pinned\n    version: 0.9.0\n',
  })
  const { url } = await hub(folder, { 'acme/base': { '1.0.0': {}, '1.1.0': {} }, 'acme/more': { '1.0.0': {} } })
  const environment = { DBT_PACKAGE_HUB_URL: url }
  await installPackages({ dir: folder.dir, environment, addPackage: 'acme/base@>=1.0.0,<2.0.0' })
  await installPackages({ dir: folder.dir, environment, addPackage: 'acme/more@1.0.0' })
  const text = readFileSync(join(folder.dir, 'packages.yml'), 'utf8')
  expect(text).toContain('# ours')
  expect(text.match(/acme\/base/g)).toHaveLength(1)
  expect(installed(folder)).toEqual(['base', 'more'])
  await expect(installPackages({ dir: folder.dir, addPackage: 'acme/base' })).rejects.toMatchObject({
    code: 'PACKAGE_INVALID',
  })
})

test.each([
  ['packages: [{ version: 1.0.0 }]', 'names no place'],
  ['packages: [{ local: a, git: b }]', 'local and git'],
  ['packages: [{ package: a/b }]', 'needs a `version`'],
  ['packages: [{ tarball: "http://x/y" }]', 'needs a `name`'],
])('the list %s is refused', async (text, message) => {
  const folder = await dbtFolder({ 'packages.yml': text })
  await expect(installPackages({ dir: folder.dir })).rejects.toMatchObject({
    code: 'PACKAGE_INVALID',
    message: expect.stringContaining(message),
    at: { line: 1 },
  })
})
