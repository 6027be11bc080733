import type { z } from 'zod'
import { MillraceError, unknownName } from '../kernel/index.ts'
import { namesVariable, resolveEnvironment } from './environment.ts'
import { checked, type YamlFile } from './read-yaml.ts'

/** A connection, checked, with the values of its environment variables in it: never print its options. */
export interface Connection {
  readonly name: string
  /** Such as `postgres`. */
  readonly kind: string
  /** What the schema of the kind gives. */
  readonly options: unknown
}

/** The connections of a project. What an environment variable holds is asked for when a connection is used. */
export interface Connections {
  readonly names: readonly string[]
  /** @throws MillraceError CONNECTION_UNKNOWN, SECRET_MISSING, PROJECT_INVALID */
  find(name: string): Connection
  /**
   * The options of a connection that must be of this kind.
   * @throws MillraceError OPTION_INVALID when it is of another, and as `find`
   */
  get<O = unknown>(name: string, kind: string): O
}

/** The options of each kind of connection, without `kind` itself. */
export type ConnectionKinds = Readonly<Record<string, z.ZodType>>

/** A project without connections. */
export const noConnections: Connections = {
  names: [],
  find: (name) => {
    throw unknownName('CONNECTION_UNKNOWN', 'the connection', name, [])
  },
  get(name) {
    return this.find(name) as never
  },
}

/**
 * The section `connections` of a file whose variables are not replaced yet. A connection that names no variable
 * is checked now, the others when they are used.
 * @throws MillraceError PROJECT_INVALID
 */
export function readConnections(
  yaml: YamlFile,
  kinds: ConnectionKinds,
  environment: Readonly<Record<string, string | undefined>>,
): Connections {
  const section = (yaml.data as { connections?: unknown } | null)?.connections ?? {}
  if (typeof section !== 'object' || section === null || Array.isArray(section)) {
    throw invalid(yaml, ['connections'], 'expected connections by name, each with its kind')
  }
  const entries = new Map(Object.entries(section).map(([name, entry]) => [name, kindOf(yaml, kinds, name, entry)]))
  const found = (name: string): Connection => {
    const kind = entries.get(name)
    if (kind === undefined) throw unknownName('CONNECTION_UNKNOWN', 'the connection', name, entries.keys())
    const path = ['connections', name]
    const { kind: _, ...written } = (section as Record<string, Record<string, unknown>>)[name] ?? {}
    const options = resolveEnvironment(
      { ...yaml, data: written, place: (at) => yaml.place([...path, ...at]) },
      environment,
    )
    const alone = { ...yaml, data: options, place: (at: readonly PropertyKey[]) => yaml.place([...path, ...at]) }
    return { name, kind, options: checked(alone, kinds[kind] as z.ZodType) }
  }
  for (const name of entries.keys()) {
    if (!namesVariable((section as Record<string, unknown>)[name])) found(name)
  }
  return {
    names: [...entries.keys()],
    find: found,
    get<O>(name: string, kind: string): O {
      const known = entries.get(name)
      if (known === undefined || known === kind) return found(name).options as O
      const fitting = [...entries].filter(([, each]) => each === kind).map(([each]) => each)
      throw new MillraceError('OPTION_INVALID', `the connection "${name}" is of the kind ${known}, not ${kind}`, {
        at: yaml.place(['connections', name]),
        hint: fitting.length > 0 ? `Of the kind ${kind}: ${fitting.join(', ')}.` : `There is none of the kind ${kind}.`,
      })
    },
  }
}

function kindOf(yaml: YamlFile, kinds: ConnectionKinds, name: string, entry: unknown): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw invalid(yaml, ['connections', name], `the connection "${name}": a name is letters, digits and _`)
  }
  if (typeof entry !== 'object' || entry === null || !('kind' in entry)) {
    throw invalid(yaml, ['connections', name], `the connection "${name}" has no kind`, kinds)
  }
  const { kind } = entry
  if (typeof kind === 'string' && Object.hasOwn(kinds, kind)) return kind
  const at = { at: yaml.place(['connections', name, 'kind']) }
  throw unknownName('PROJECT_INVALID', `the connection "${name}": the kind`, String(kind), Object.keys(kinds), at)
}

function invalid(yaml: YamlFile, path: readonly PropertyKey[], why: string, kinds?: ConnectionKinds): MillraceError {
  return new MillraceError('PROJECT_INVALID', `checking ${yaml.file}: ${why}`, {
    at: yaml.place(path),
    ...(kinds ? { hint: `Kinds are: ${Object.keys(kinds).join(', ')}.` } : {}),
  })
}
