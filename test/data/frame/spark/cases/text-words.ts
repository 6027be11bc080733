import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, col, createDataFrame, lit } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { casesOf, on } from './edge-columns.ts'

const TEXTS = [
  null, '', ' ', 'a', 'Robert', 'Rupert', 'Ashcraft', 'Tymczak', 'Pfister', 'Honeyman', 'Hello World', 'Jackson-Smith', "O'Hara", 'äöü', 'Ämter', '123', 'x1y2z3', 'BBBBB', 'Whitehouse', "it's \\ 'quoted'", '日本語テキスト', '🦀 crab',
] // biome-ignore format: a list
const PROSE = [
  null, '', '  ', 'Hi there! Good morning.', "Mr. Smith went. to 3.5 places... don't!", 'a-b c_d e/f', 'Was? Ja. Nein', 'äöü ÀÉ x', 'one.two three', 'U.S.A. is. A place', '"quoted" (paren) [x]', 'line one\nline two', 'no end', 'A. B. C.', 'Tell me (now!) please. Yes',
] // biome-ignore format: a list
const CODED = [null, '', '0', 'abc', 'ABCD', 'zz', ' 1', 'YWJj', 'YWJ', 'YQ==', 'YQ=', 'YQ', '==', 'é', 'ff00', 'Y Q=='] // biome-ignore format: a list
const frame = (all: readonly (string | null)[]) =>
  createDataFrame(
    all.map((text, i) => [i, text]),
    'i int, v string',
  )
const bytes = createDataFrame(
  [null, '', 'YWJj', '/w==', '4oKCYfCQgID/', '7aCA', 'wIA=', '8J+mgA==', '8J+m', 'YeLCYg==', '9JCAgA==', '4oI='].map((text, i) => [i, text === null ? null : Buffer.from(text, 'base64')]),
  'i int, v binary',
) // biome-ignore format: a list
const of = (given: f.Frame, columns: readonly Column[]): SparkCase[] =>
  columns.map((column) => ({ name: `${column}`, frame: given.select('i', column), eachRow: true }))
const spans = [1, 2, 0, -1, -3, -40, 5, 100]
const substrings = spans.flatMap((start) => [
  f.substr('v', start),
  ...[0, 1, 3, -1, 50].map((length) => f.substr('v', start, length)),
])

export const cases: readonly SparkCase[] = [
  ...of(frame(TEXTS), [f.soundex('v'), f.quote('v'), f.collate('v', 'UTF8_BINARY'), f.collation('v'), ...substrings, f.substr('v', 'i', 'i'), f.expr('substr(v, 2)').as('t'), f.expr('substr(v, -2, 1)').as('t')]),
  ...of(frame(PROSE), [f.sentences('v'), f.sentences('v', lit('en'), lit('US')), f.sentences('v', lit('de'))]),
  ...of(frame(CODED), [undefined, 'hex', 'HEX', 'utf-8', 'utf8', 'base64', 'nope'].flatMap((format) => (format === undefined ? [f.toBinary('v'), f.tryToBinary('v')] : [f.toBinary('v', lit(format)), f.tryToBinary('v', lit(format))]))),
  ...of(bytes, [f.makeValidUtf8('v'), f.validateUtf8('v'), f.tryValidateUtf8('v'), f.isValidUtf8('v'), f.substr('v', 2), f.substr('v', -2, 1), f.substr('v', 0, 2)]),
  ...casesOf([on('text int', f.makeValidUtf8('v')), on('text', f.validateUtf8('v')), on('text', f.tryValidateUtf8('v')), on('text int boolean', f.quote('v')), on('int', f.substr('v', 1, 2)), on('text int', f.soundex('v')), on('binary', f.tryToBinary(col('v').cast('string'), lit(null)))]),
  { name: 'session functions', frame: frame([null, 'a']).select(f.monotonicallyIncreasingId(), f.sparkPartitionId(), f.length(f.version()).gt(3).as('v'), f.length(f.user()).gt(0).as('u'), f.currentUser().eqNullSafe(f.sessionUser()).as('same'), f.currentDatabase().eqNullSafe(f.currentSchema()).as('db'), f.currentCatalog().isNotNull().as('c')) },
  { name: 'the file of rows of no file', frame: frame([null, 'a']).select(f.inputFileName()) },
  { name: 'the name of the schema', frame: frame([]).select(f.currentSchema()) },
  { name: 'names of session functions', frame: frame([]).select(f.version(), f.user(), f.currentUser(), f.sessionUser(), f.currentDatabase(), f.currentCatalog(), f.typeof(lit(1))) },
] // biome-ignore format: lists
