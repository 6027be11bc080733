import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type ErrorCode, MillraceError, nearest, type Place } from '../kernel/index.ts'
import { pythonTagsWithoutDates } from './python-yaml.ts'

/** A YAML or JSON file as plain data that remembers where each part stands. */
export interface YamlFile {
  readonly file: string
  readonly data: unknown
  /** The place of a part, by its path; the nearest enclosing part when the part itself is missing. */
  place(path: readonly PropertyKey[]): Place
}

/** Which types plain scalars have: those of YAML 1.2, or those of 1.1 as Python's tools read them (`yes` is true). */
export type YamlTypes = '1.2' | 'python'

/** Why a file cannot be read, by Node's code. */
const WHY_UNREAD: Readonly<Record<string, string>> = { EISDIR: 'it is a folder', EACCES: 'access is denied' }

/**
 * Reads a YAML file (JSON is YAML too).
 * @throws MillraceError PROJECT_INVALID with line and column when it cannot be parsed
 */
export async function readYaml(
  file: string,
  code: ErrorCode = 'PROJECT_INVALID',
  types: YamlTypes = '1.2',
): Promise<YamlFile> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = WHY_UNREAD[error.code ?? '']
    if (why === undefined) throw error
    throw new MillraceError(code, `reading ${file}: ${why}`, { at: { file } })
  })
  return parseYaml(text, file, code, types)
}

/** Parses YAML text that came from `file`. */
export function parseYaml(
  text: string,
  file: string,
  code: ErrorCode = 'PROJECT_INVALID',
  types: YamlTypes = '1.2',
): YamlFile {
  const { document, lines } = types === 'python' ? leniently(text) : parsed(text, types)
  const [problem] = document.errors
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0])
    // A parser of YAML reads JSON, too, but speaks of YAML.
    const hint = 'The file is to be JSON: look for a comma, a quote or a bracket that is missing or too much.'
    throw new MillraceError(code, `reading ${file}: ${problem.message}`, {
      at: { file, line, column: col },
      ...(file.endsWith('.json') ? { hint } : {}),
    })
  }
  const place = (path: readonly PropertyKey[]): Place => {
    const dotted = path.map(String).join('.')
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
      if (node?.range) {
        const { line, col } = lines.linePos(node.range[0])
        return { file, line, column: col, path: dotted }
      }
    }
    return { file, line: 1, ...(dotted ? { path: dotted } : {}) }
  }
  return { file, data: document.toJS() ?? {}, place }
}

function parsed(text: string, types: YamlTypes) {
  const lines = new LineCounter()
  // To PyYAML the last of two equal keys counts.
  const own =
    types === 'python' ? { version: '1.1' as const, customTags: pythonTagsWithoutDates, uniqueKeys: false } : {}
  // Merge keys (`<<: *base`) are of YAML 1.1, and so are most files in the wild.
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, ...own }), lines }
}

/**
 * As PyYAML, which regards no indentation between brackets: `- accepted_values: {` may end with a `}` below the dash.
 * Such a line is moved to the right, one after the other; what is wrong otherwise is told of the text as it is.
 */
function leniently(text: string): ReturnType<typeof parsed> {
  const asWritten = parsed(text, 'python')
  const rows = text.split('\n')
  const moved = new Set<number>()
  for (let found = asWritten; ; found = parsed(rows.join('\n'), 'python')) {
    const [problem] = found.document.errors
    if (!problem) return found
    const row = found.lines.linePos(problem.pos[0]).line - 1
    if (!/^Flow .* must be sufficiently indented/.test(problem.message) || moved.has(row)) return asWritten
    moved.add(row)
    rows[row] = `${' '.repeat(80)}${rows[row]}`
  }
}

/**
 * Checks data of a file against a schema.
 * @throws MillraceError `code`: the first problem with its place, all problems in `data.problems`
 */
export function checked<S extends z.ZodType>(
  yaml: YamlFile,
  schema: S,
  code: ErrorCode = 'PROJECT_INVALID',
  path: readonly PropertyKey[] = [],
): z.output<S> {
  const part = path.reduce<unknown>((data, key) => (data as Record<PropertyKey, unknown> | undefined)?.[key], yaml.data)
  const result = schema.safeParse(part)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    return { message: issue.message, at: yaml.place([...path, ...issue.path, ...extra]), issue }
  })
  const [first] = problems
  if (!first) throw new MillraceError('INTERNAL', `checking ${yaml.file}: a schema failed without a reason`)
  const hints: string[] = []
  if (first.issue.code === 'unrecognized_keys') {
    const keys = keysOf(schema, first.issue.path)
    const [guess] = nearest(String(first.issue.keys[0]), keys)
    if (guess) hints.push(`Did you mean "${guess}"?`)
    if (keys.length > 0) hints.push(`There are: ${keys.join(', ')}.`)
  }
  if (problems.length > 1) hints.push(`${problems.length - 1} more problem(s) in this file.`)
  throw new MillraceError(code, `checking ${yaml.file}: ${first.message}`, {
    at: first.at,
    ...(hints.length ? { hint: hints.join(' ') } : {}),
    data: { problems: problems.map(({ message, at }) => ({ message, at })) },
  })
}

/** The keys a schema allows at a path, as far as it is made of plain objects and records. */
function keysOf(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = schema
  for (const key of path) {
    const { shape, valueType, element } = unwrapped(current)
    current = shape?.[key as string] ?? valueType ?? element
  }
  return Object.keys(unwrapped(current).shape ?? {})
}

interface SchemaParts {
  shape?: Record<string, unknown>
  valueType?: unknown
  element?: unknown
}

function unwrapped(schema: unknown): SchemaParts {
  let def = (schema as { def?: Record<string, unknown> } | undefined)?.def
  while (def && 'innerType' in def) def = (def['innerType'] as { def?: Record<string, unknown> }).def
  return (def ?? {}) as SchemaParts
}
