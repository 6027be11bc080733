import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { asMillraceError, packageVersion } from '../../base/kernel/index.ts'
import { loadProject, PROJECT_FILE } from '../../base/project/index.ts'
import { examineConnections } from './examine-connections.ts'
import { CONNECTION_KINDS, projectSections } from './sections.ts'

/** One thing that was looked at. `missing` hinders only what needs it; `wrong` hinders everything. */
export interface Finding {
  readonly what: string
  readonly state: 'ok' | 'missing' | 'wrong'
  readonly says: string
  readonly hint?: string
}

const OLDEST_NODE = [22, 18] as const
const LITTLE_ROOM = 1_000_000_000

/** Looks at Node, DuckDB, the project, its connections, the disk and the optional packages. Changes nothing. */
export async function examine(dir: string): Promise<Finding[]> {
  return [node(), await duckdb(), ...(await project(dir)), disk(dir), ...optionalPackages()]
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fine = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  const says = `Node ${process.versions.node}, Millrace ${packageVersion()}`
  if (fine) return { what: 'Node.js', state: 'ok', says }
  return { what: 'Node.js', state: 'wrong', says, hint: `Install Node ${OLDEST_NODE.join('.')} or newer.` }
}

async function duckdb(): Promise<Finding> {
  try {
    const { default: api } = await import('@duckdb/node-api').then((module) => ({ default: module }))
    return { what: 'DuckDB', state: 'ok', says: api.version() }
  } catch (cause) {
    const hint = 'Run npm install again on this machine: the package has one build for each platform.'
    return { what: 'DuckDB', state: 'wrong', says: asMillraceError(cause).message.split('\n')[0] ?? '', hint }
  }
}

async function project(dir: string): Promise<Finding[]> {
  try {
    const config = await loadProject(dir, projectSections(), process.env, CONNECTION_KINDS)
    const found: Finding = { what: 'project', state: 'ok', says: `${config.name} in ${config.dir}` }
    return [found, ...(await examineConnections(config))]
  } catch (thrown) {
    const error = asMillraceError(thrown)
    const state = error.code === 'PROJECT_NOT_FOUND' ? 'missing' : 'wrong'
    const says = state === 'missing' ? `no ${PROJECT_FILE} here or above` : `${error.code}: ${error.message}`
    return [{ what: 'project', state, says, hint: error.hint ?? `See ${error.at?.file ?? PROJECT_FILE}.` }]
  }
}

function disk(dir: string): Finding {
  if (!existsSync(dir)) return { what: 'disk', state: 'wrong', says: `there is no folder ${dir}` }
  try {
    accessSync(dir, constants.W_OK)
    const { bavail, bsize } = statfsSync(dir)
    const room = bavail * bsize
    const says = `${(room / 1e9).toFixed(1)} GB free`
    if (room >= LITTLE_ROOM) return { what: 'disk', state: 'ok', says }
    return {
      what: 'disk',
      state: 'wrong',
      says,
      hint: 'Free some room: a run writes new files before it drops old ones.',
    }
  } catch (cause) {
    return { what: 'disk', state: 'wrong', says: asMillraceError(cause).message, hint: `Make ${dir} writable.` }
  }
}

const OPTIONAL = {
  'apache-arrow': 'hands results over as Arrow',
  pg: 'PostgreSQL as a target, a source and the metadata database',
  mysql2: 'MariaDB and MySQL as sources',
  '@aws-sdk/client-s3': 'storage on S3',
} as const

function optionalPackages(): Finding[] {
  const require = createRequire(import.meta.url)
  return Object.entries(OPTIONAL).map(([name, purpose]): Finding => {
    try {
      require.resolve(name)
      return { what: name, state: 'ok', says: purpose }
    } catch {
      return { what: name, state: 'missing', says: `optional: ${purpose}`, hint: `npm install ${name}` }
    }
  })
}
