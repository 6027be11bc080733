import { type Json, MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { ProjectFile } from '../read/project-files.ts'
import { csvRows } from '../seed-csv.ts'
import type { Fixture } from './unit-test.ts'

/** Rows of a fixture: values by column, or a query of the user's. */
export type FixtureRows =
  | { readonly kind: 'rows'; readonly rows: readonly Readonly<Record<string, Json>>[] }
  | { readonly kind: 'sql'; readonly sql: string }

/** Whether a given input has no rows of its own: those of the seed that it names are meant. */
export function isUnsaid(given: {
  readonly rows?: unknown
  readonly fixture?: unknown
  readonly format: string
}): boolean {
  return given.format === 'dict' && (given.rows ?? given.fixture ?? null) === null
}

/** The rows of a fixture whose rows were read. */
export function fixtureRows({ rows }: Fixture): FixtureRows {
  return typeof rows === 'string'
    ? { kind: 'sql', sql: rows.trim().replace(/;\s*$/, '') }
    : { kind: 'rows', rows: rows ?? [] }
}

/**
 * A fixture with its rows, which stand in it or in a file of `tests/fixtures/`: a list, or a query's text. What is
 * empty in CSV is null.
 * @throws MillraceError UNIT_TEST_INVALID
 */
export function withRows<F extends Fixture>(
  fixture: F,
  files: readonly ProjectFile[],
  place: { readonly test: string; readonly file: string },
): F {
  return { ...fixture, rows: readRows(fixture, files, place) }
}

function readRows(
  fixture: Fixture,
  files: readonly ProjectFile[],
  place: { readonly test: string; readonly file: string },
): NonNullable<Fixture['rows']> {
  const invalid = (message: string, hint: string): MillraceError =>
    new MillraceError('UNIT_TEST_INVALID', `reading the unit test ${place.test}: ${message}`, {
      at: { file: place.file },
      hint,
    })
  const { format } = fixture
  const written = fixture.fixture ? textOf(fixture.fixture, format, files, place) : (fixture.rows ?? [])
  if (format === 'dict') {
    if (typeof written !== 'string') return written
    throw invalid(
      'rows of the format dict are a list of mappings',
      'Write rows: [{ id: 1 }], or name the format: csv or sql.',
    )
  }
  if (typeof written !== 'string') {
    if (written.length === 0 && format === 'csv') return []
    throw invalid(
      `rows of the format ${format} are a text`,
      'Write rows: | and the text below it, or name a `fixture`.',
    )
  }
  if (format === 'sql') return written
  const [head, ...lines] = [...csvRows(written, ',', place.file)]
  const names = (head?.cells ?? []).map((name) => name.trim())
  return lines.map(({ cells }) =>
    Object.fromEntries(names.map((name, at) => [name, cells[at] === undefined || cells[at] === '' ? null : cells[at]])),
  )
}

function textOf(
  name: string,
  format: Fixture['format'],
  files: readonly ProjectFile[],
  place: { readonly test: string; readonly file: string },
): string {
  const ending = format === 'sql' ? '.sql' : '.csv'
  const bare = (file: ProjectFile): string => (file.path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '')
  const found = files
    .filter(({ path }) => path.endsWith(ending))
    .find((file) => bare(file) === name.replace(/\.(csv|sql)$/, ''))
  if (found) return found.text.trim()
  throw unknownName(
    'UNIT_TEST_INVALID',
    `reading the unit test ${place.test}: the fixture`,
    `${name}${ending}`,
    files.map(bare),
    {
      at: { file: place.file },
    },
  )
}

/** Fixtures are found by their names alone. @throws MillraceError MODEL_DUPLICATE for two of one name */
export function refuseTwins(files: readonly ProjectFile[]): void {
  const known = new Map<string, string>()
  for (const { path, originalPath } of files) {
    const name = path.split('/').at(-1) ?? ''
    const first = known.get(name)
    if (first !== undefined) {
      throw new MillraceError('MODEL_DUPLICATE', `reading the project: two fixtures are named "${name}"`, {
        at: { file: originalPath },
        hint: `The other is ${first}. Rename one of them.`,
      })
    }
    known.set(name, originalPath)
  }
}
