import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { MillraceError } from '../kernel/index.ts'
import { type ConnectionKinds, type Connections, readConnections } from './connections.ts'
import { resolveEnvironment } from './environment.ts'
import { checked, readYaml, type YamlFile } from './read-yaml.ts'
import type { Section } from './section.ts'

/** The name of the file that makes a folder a project. */
export const PROJECT_FILE = 'millrace.yml'

/** A project's own file, read and checked. */
export interface ProjectConfig {
  /** Absolute path of the project folder. */
  readonly dir: string
  readonly name: string
  /** Checked sections by key, with defaults filled in. */
  readonly sections: Readonly<Record<string, unknown>>
  readonly connections: Connections
  readonly source: YamlFile
}

/**
 * The nearest folder with a millrace.yml, from `from` upwards.
 * @throws MillraceError PROJECT_NOT_FOUND
 */
export function findProject(from: string): string {
  let folder = resolve(from)
  while (!existsSync(join(folder, PROJECT_FILE))) {
    const parent = dirname(folder)
    if (parent === folder) {
      throw new MillraceError('PROJECT_NOT_FOUND', `looking for ${PROJECT_FILE} from ${resolve(from)} upwards`, {
        hint: 'Run `millrace init NAME` to make a project, or name one with --project-dir.',
      })
    }
    folder = parent
  }
  return folder
}

/**
 * Reads and checks a project's millrace.yml against the sections of all rooms; `${NAME}` and
 * `${NAME:-default}` stand for environment variables, those of `connections` when a connection is used.
 * @throws MillraceError PROJECT_NOT_FOUND, PROJECT_INVALID, SECRET_MISSING
 */
export async function loadProject(
  dir: string,
  sections: readonly Section[],
  environment: Readonly<Record<string, string | undefined>>,
  kinds: ConnectionKinds = {},
): Promise<ProjectConfig> {
  const folder = findProject(dir)
  const raw = await readYaml(join(folder, PROJECT_FILE))
  const connections = readConnections(raw, kinds, environment)
  const source = { ...raw, data: resolveEnvironment({ ...raw, data: withoutConnections(raw.data) }, environment) }
  const shape: Record<string, z.ZodType> = {
    name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'name must be a word'),
  }
  for (const section of sections) shape[section.key] = section.schema
  // Read already; named here for whoever misspells it.
  shape['connections'] = z.undefined().optional()
  const {
    name,
    connections: _,
    ...rest
  } = checked(source, z.strictObject(shape)) as {
    name: string
    connections?: undefined
  }
  return { dir: folder, name, sections: rest, connections, source }
}

/** Without the section whose variables are replaced later. */
function withoutConnections(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('connections' in data)) return data
  const { connections: _, ...rest } = data
  return rest
}
