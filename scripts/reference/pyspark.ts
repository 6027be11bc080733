import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DIFFERENCES, NOT_OFFERED } from '../../src/data/frame/functions/not-offered.ts'
import * as frames from '../../src/data/frame/index.ts'
import { NOTICE, rows } from './markdown.ts'
import { CLASSES, type ClassNotes } from './pyspark-methods.ts'

const RECORDED = join(import.meta.dirname, '../../test/data/frame/spark')
const read = (file: string) => JSON.parse(readFileSync(join(RECORDED, file), 'utf8'))
const api = read('pyspark-api.json') as { version: string; classes: Record<string, string[]> }
const functionNames = read('function-names.json') as string[]

const camel = (name: string) => name.replaceAll(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())

/** One name of PySpark: what it is here, and what must be said about it. */
interface Line {
  readonly name: string
  readonly here?: string
  readonly note?: string
}

function linesOf(of: string, names: readonly string[], home: object, notes: ClassNotes, wrong: string[]): Line[] {
  const { absent, differs, renamed = {}, refused = [] } = notes
  const known = new Set(names)
  for (const name of Object.keys({ ...absent, ...differs, ...renamed })) {
    if (!known.has(name)) wrong.push(`PySpark has no ${of}${name}`)
  }
  return names.map((name) => {
    const own = renamed[name] ?? camel(name)
    const here = (/^\w+/.exec(own)?.[0] ?? own) in home && !refused.includes(name)
    if (here && absent[name] !== undefined) wrong.push(`${of}${name} is here, and explained as absent`)
    if (!here && absent[name] === undefined) wrong.push(`${of}${name} is neither here nor explained`)
    if (!here && differs[name] !== undefined) wrong.push(`${of}${name} has a difference, and is not here`)
    const note = (here ? differs : absent)[name]
    return { name, ...(here ? { here: own } : {}), ...(note === undefined ? {} : { note }) }
  })
}

const table = (lines: readonly Line[]) =>
  rows(
    ['PySpark', 'here', ''],
    lines.map(({ name, here, note }) => [`\`${name}\``, here === undefined ? 'no' : `\`${here}\``, note ?? '']),
  )

const count = (lines: readonly Line[]) => {
  const here = lines.filter((line) => line.here !== undefined)
  return `${here.length} of ${lines.length} are here, ${here.filter((line) => line.note).length} of them with a difference.`
}

/** What of PySpark's names for tables frames have. @throws Error for an absence that nobody has explained, or a stale note */
export function pysparkPage(): string {
  const wrong: string[] = []
  const parts = Object.entries(api.classes).map(([name, members]) => {
    const entry = CLASSES[name]
    if (!entry) throw new Error(`PySpark's class ${name} has no place here`)
    const lines = linesOf(`${name}.`, members, entry.home, entry, wrong)
    return [`## ${name}`, [entry.is, count(lines)].filter(Boolean).join(' '), table(lines)].join('\n\n')
  })
  const functions = linesOf('', functionNames, frames, { absent: NOT_OFFERED, differs: DIFFERENCES }, wrong)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return [
    "# PySpark's names",
    NOTICE,
    `Every public method, property and operator of the classes that PySpark ${api.version} has for tables, and every function of
\`pyspark.sql.functions\`: what it is called in \`millrace/frame\`, what differs, and why a name is not here. Names are
PySpark's in camelCase. What an action gives (\`columns\`, \`schema\`, \`collect()\` …) is a promise, and a row is a plain
object. Functions of several columns take them one by one, options as an object.`,
    ...parts,
    '## Functions',
    `\`pyspark.sql.functions\`. ${count(functions)}`,
    table(functions),
  ].join('\n\n')
}
