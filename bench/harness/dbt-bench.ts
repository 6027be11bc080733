import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Contestant, Work } from './bench.ts'
import { peerPython, ROOT } from './cache.ts'
import { duck, fingerprint } from './fingerprint.ts'

/** The database's name, and so the project's. */
const NAME = 'many'

/** The SQL of a model, with what stands in the place of a `ref`. */
const query = (n: number, ref: (n: number) => string): string =>
  `select ${n} as id${n % 10 === 0 ? '' : ` from ${ref(n - 1)}`}\n`

/** A dbt project of so many views in chains of ten; every hundredth has the tag `x`. */
async function writeProject(folder: string, models: number): Promise<void> {
  await mkdir(join(folder, 'models'), { recursive: true })
  await writeFile(
    join(folder, 'dbt_project.yml'),
    `name: ${NAME}\nversion: '1.0.0'\nconfig-version: 2\nprofile: ${NAME}\n`,
  )
  const output = `{ type: duckdb, path: ${NAME}.duckdb, threads: 1 }`
  await writeFile(join(folder, 'profiles.yml'), `${NAME}:\n  target: dev\n  outputs:\n    dev: ${output}\n`)
  for (let n = 0; n < models; n++) {
    const tags = n % 100 === 0 ? ", tags=['x']" : ''
    const text = `{{ config(materialized='view'${tags}) }}\n${query(n, (above) => `{{ ref('m${above}') }}`)}`
    await writeFile(join(folder, `models/m${n}.sql`), text)
  }
}

/** The statements that build the same views, one file each, in the order of the graph. */
async function writeStatements(folder: string, models: number): Promise<void> {
  await mkdir(join(folder, 'statements'), { recursive: true })
  for (let n = 0; n < models; n++) {
    const sql = query(n, (above) => `"${NAME}"."main"."m${above}"`)
    await writeFile(
      join(folder, `statements/${n}.sql`),
      `create or replace view "${NAME}"."main"."m${n}" as (\n${sql})`,
    )
  }
}

/** What a bench of dbt commands does. */
export interface DbtWork {
  readonly models: number
  /** The command's words, such as `['run']`. */
  readonly command: readonly string[]
  /** A command that is run once before, so that the measured one finds its target folder and database; absent: none is. */
  readonly before?: readonly string[]
  /** A text that is equal for equal outputs. */
  readonly result: (folder: string) => Promise<string>
}

interface Side {
  readonly name: string
  readonly role: Contestant['role']
  readonly version: string
  readonly write: (folder: string, models: number) => Promise<void>
  readonly command: (words: readonly string[], folder: string) => Promise<Work>
}

const millrace: Side = {
  name: 'Millrace',
  role: 'ours',
  version: 'millrace dbt, built package',
  write: writeProject,
  command: async (words, cwd) => ({
    command: process.execPath,
    args: [join(ROOT, 'bin/millrace.js'), 'dbt', ...words, '--profiles-dir', cwd],
    cwd,
  }),
}

const dbt: Side = {
  name: 'dbt-core',
  role: 'peer',
  version: '1.12.6 with dbt-duckdb 1.11.1',
  write: writeProject,
  command: async (words, cwd) => ({
    command: join(await peerPython('dbt-duckdb'), '../dbt'),
    args: [...words, '--profiles-dir', cwd],
    cwd,
    env: { DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
  }),
}

const loop: Side = {
  name: 'plain loop',
  role: 'reference',
  version: 'the same statements, one after the other, by @duckdb/node-api',
  write: writeStatements,
  command: async (_, cwd) => ({
    command: process.execPath,
    args: [join(ROOT, 'bench/contestants/dbt-plain-loop.ts'), `${NAME}.duckdb`, 'statements'],
    cwd,
  }),
}

const SIDES = { millrace, dbt, loop } as const

/** The sides of a bench of dbt. Where something is run before, each keeps one folder for all of its runs. */
export async function dbtContestants(names: readonly (keyof typeof SIDES)[], work: DbtWork): Promise<Contestant[]> {
  return Promise.all(names.map((name) => contestant(SIDES[name], work)))
}

async function contestant(side: Side, { models, command, before, result }: DbtWork): Promise<Contestant> {
  const { name, role, version } = side
  const newFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-dbt-'))
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    return folder
  }
  if (!before) {
    // Nothing is deleted meanwhile: ext4 takes many times as long to make files while it has just deleted others.
    let last = ''
    return {
      name,
      role,
      version,
      work: async () => {
        last = await newFolder()
        await side.write(last, models)
        return side.command(command, last)
      },
      result: () => result(last),
    }
  }
  const kept = await newFolder()
  let ready: Promise<void> | undefined
  const prepare = async (): Promise<void> => {
    await side.write(kept, models)
    const { command: program, args, cwd, env } = await side.command(before, kept)
    const options = { cwd: cwd ?? kept, env: { ...process.env, ...env }, maxBuffer: 1 << 28 }
    await promisify(execFile)(program, [...args], options)
  }
  return {
    name,
    role,
    version,
    work: async () => {
      ready ??= prepare()
      await ready
      return side.command(command, kept)
    },
    result: () => result(kept),
  }
}

/** The views that stand in the database, and what the last one says. */
export function builtViews(models: number): (folder: string) => Promise<string> {
  return async (folder) => {
    await duck(`attach '${folder}/${NAME}.duckdb' as ${NAME} (read_only)`)
    try {
      const views = `(select view_name from duckdb_views() where database_name = '${NAME}' and not internal) as views`
      const last = await duck(`select id from ${NAME}.main.m${models - 1}`)
      return `${await fingerprint(views, ['view_name'])}, the last says ${last}`
    } finally {
      await duck(`detach ${NAME}`)
    }
  }
}

/** The graph of the manifest. */
export async function parsedGraph(folder: string): Promise<string> {
  const { parent_map: parents } = JSON.parse(await readFile(join(folder, 'target/manifest.json'), 'utf8')) as {
    readonly parent_map: Readonly<Record<string, readonly string[]>>
  }
  const edges = Object.entries(parents).flatMap(([id, above]) => above.map((one) => `${one} ${id}`))
  return `${Object.keys(parents).length} nodes, edges ${digest(edges)}`
}

/** The compiled code of all models. */
export function compiledCode(models: number): (folder: string) => Promise<string> {
  return async (folder) => {
    const files = Array.from({ length: models }, (_, n) => join(folder, `target/compiled/${NAME}/models/m${n}.sql`))
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    return `${models} files ${digest(texts.map((text) => text.trim()))}`
  }
}

function digest(lines: readonly string[]): string {
  return hash('sha256', [...lines].sort().join('\0')).slice(0, 16)
}
