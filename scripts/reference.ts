/** Writes docs/reference from the definitions in the code; `--check` only says whether it is up to date. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ERROR_CODES } from '../src/base/kernel/index.ts'
import { SOURCE_KINDS } from '../src/data/connect/index.ts'
import { CONNECTION_KINDS, projectSections } from '../src/doors/app/sections.ts'
import { type CommandDefinition, GLOBAL_OPTIONS, type OptionDefinition } from '../src/doors/cli/command.ts'
import { COMMANDS } from '../src/doors/cli/commands/index.ts'
import { taskKinds } from '../src/run/tasks/index.ts'
import { EXPECTATIONS } from '../src/work/quality/index.ts'
import { NOTICE, rows } from './reference/markdown.ts'
import { pysparkPage } from './reference/pyspark.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'reference')
const optionRows = (options: readonly OptionDefinition[]) =>
  rows(
    ['option', 'what it does', 'default'],
    options
      .filter(({ hidden }) => hidden !== true)
      .map((option) => [
        `\`${option.flags}\``,
        option.choices ? `${option.summary} One of: ${option.choices.join(', ')}.` : option.summary,
        option.default === undefined ? '' : `\`${option.default}\``,
      ]),
  )

async function commandPage(): Promise<string> {
  const definitions: CommandDefinition[] = []
  for (const entry of COMMANDS) definitions.push((await entry.load()).default)
  const parts = definitions.map((definition) => {
    const words = (definition.arguments ?? []).map(({ name, required, variadic }) => {
      const dots = variadic ? '...' : ''
      return required ? `<${name}${dots}>` : `[${name}${dots}]`
    })
    return [
      `## millrace ${[definition.name, ...words].join(' ')}`,
      definition.summary,
      rows(
        ['argument', ''],
        (definition.arguments ?? []).map(({ name, summary }) => [`\`${name}\``, summary]),
      ),
      optionRows(definition.options ?? []),
      definition.details ? `\`\`\`text\n${definition.details}\n\`\`\`` : '',
    ]
      .filter(Boolean)
      .join('\n\n')
  })
  const codes = 'Exit codes: 0 done; 1 the work failed; 2 the command, a file or a name is wrong; 130 cancelled.'
  return ['# Commands', NOTICE, codes, '## Options of every command', optionRows(GLOBAL_OPTIONS), ...parts].join('\n\n')
}

function errorPage(): string {
  const lines = Object.entries(ERROR_CODES).map(([code, means]) => [`\`${code}\``, means])
  return [
    '# Errors',
    NOTICE,
    'Every error has one of these codes. They are stable.',
    rows(['code', 'what it means'], lines),
  ].join('\n\n')
}

/** The fields of a schema as a table, from its JSON Schema. */
function fields(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return rows(['option', 'type', 'default', 'what it is'], listed(json, '', new Set(json.required)))
}

interface JsonSchema {
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  required?: string[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  description?: string
}

function listed(schema: JsonSchema, prefix: string, required: ReadonlySet<string>): unknown[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const path = `${prefix}${name}`
    const fallback =
      part.default === undefined ? (required.has(name) ? 'required' : '') : `\`${JSON.stringify(part.default)}\``
    return [[`\`${path}\``, typeName(part), fallback, part.description ?? ''], ...nested(part, path)]
  })
}

function nested(part: JsonSchema, path: string): unknown[][] {
  const required = new Set(part.required)
  if (part.properties) return listed(part, `${path}.`, required)
  const inner = typeof part.additionalProperties === 'object' ? part.additionalProperties : undefined
  const variants = inner?.properties ? [inner] : (inner?.oneOf ?? inner?.anyOf ?? [])
  return variants.flatMap((variant) => listed(variant, `${path}.<name>.`, new Set(variant.required)))
}

function typeName(part: JsonSchema): string {
  if (part.const !== undefined) return JSON.stringify(part.const)
  if (part.enum) return part.enum.map((value) => JSON.stringify(value)).join(' or ')
  const choices = part.anyOf ?? part.oneOf
  if (choices) return choices.map(typeName).join(' or ')
  if (part.type === 'array') return part.items ? `list of ${typeName(part.items)}` : 'list'
  return [part.type ?? 'any'].flat().join(' or ')
}

function projectPage(): string {
  const parts = projectSections().map(({ key, summary, schema }) => {
    return [`## ${key}`, summary, fields(z.object({ [key]: schema }))].join('\n\n')
  })
  const kinds = Object.entries(CONNECTION_KINDS).map(([kind, schema]) =>
    [`### kind: ${kind}`, fields(schema)].join('\n\n'),
  )
  const connections = [
    '## connections',
    'Servers and services by name: `connections: { shop_db: { kind: postgres, host: … } }`. What an environment variable (`${NAME}`) holds is asked for when the connection is used.',
    ...kinds,
  ]
  return ['# millrace.yml', NOTICE, ...parts, ...connections].join('\n\n')
}

function taskPage(): string {
  const parts = Object.values(taskKinds).map(({ kind, summary, options }) =>
    [`## ${kind}`, summary, fields(options)].join('\n\n'),
  )
  return ['# Tasks', NOTICE, ...parts].join('\n\n')
}

function sourcePage(): string {
  const parts = Object.values(SOURCE_KINDS).map(({ name, summary, options }) =>
    [`## ${name}`, summary, fields(options)].join('\n\n'),
  )
  return ['# Sources', NOTICE, ...parts].join('\n\n')
}

function expectationPage(): string {
  const lines = Object.values(EXPECTATIONS).map(({ type, summary }) => [`\`${type}\``, summary])
  return ['# Expectations', NOTICE, rows(['expectation', 'what it checks'], lines)].join('\n\n')
}

const pages: Record<string, string> = {
  'commands.md': await commandPage(),
  'errors.md': errorPage(),
  'millrace-yml.md': projectPage(),
  'tasks.md': taskPage(),
  'sources.md': sourcePage(),
  'expectations.md': expectationPage(),
  'pyspark.md': pysparkPage(),
}
const check = process.argv.includes('--check')
mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(pages)) {
  const path = join(folder, name)
  const wanted = `${text}\n`
  if (!check) writeFileSync(path, wanted)
  else if (readFileSync(path, 'utf8') !== wanted) {
    console.error(`docs/reference/${name} is out of date: run npm run docs`)
    process.exitCode = 1
  }
}
