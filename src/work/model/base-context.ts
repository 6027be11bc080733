import { type Call, Environment, isMapping, native, params, toJavaScript } from '../../base/jinja/index.ts'
import { MillraceError } from '../../base/kernel/index.ts'
import { isTree } from './config-tree.ts'
import { pythonStr } from './python-text.ts'
import type { RenderText } from './render-yaml.ts'

/** Values that templates read from outside: `--vars` with those of dbt_project.yml, and the environment. */
export interface Outside {
  readonly vars: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The file that is being rendered, for messages. */
  readonly file: string
}

/** `var(name, default)` and `env_var(name, default)`, which exist in every template, YAML files included. */
export function outsideFunctions(outside: Outside): Record<string, unknown> {
  const variable = native('var', ({ args, kwargs }) => {
    const name = pythonStr(args[0] ?? kwargs['var'] ?? kwargs['name'])
    const value = outside.vars[name]
    if (value !== undefined) return value
    const fallback = args.length > 1 ? args[1] : kwargs['default']
    if (fallback !== undefined) return fallback
    throw new MillraceError('MODEL_INVALID', `rendering ${outside.file}: the variable "${name}" has no value`, {
      at: { file: outside.file },
      hint: `Give it one below \`vars:\` of dbt_project.yml or with --vars '{${name}: …}', or write a default: var('${name}', …).`,
    })
  })
  return {
    var: Object.assign(variable, {
      has_var: (name: string) => outside.vars[name] !== undefined,
      get: (name: string) => outside.vars[name] ?? null,
    }),
    env_var: params(
      (name: string, fallback?: unknown) => {
        const value = outside.environment[name]
        if (value !== undefined) return value
        if (fallback !== undefined && fallback !== null) return String(fallback)
        throw new MillraceError(
          'SECRET_MISSING',
          `rendering ${outside.file}: the environment variable ${name} is not set`,
          {
            at: { file: outside.file },
            hint: `Set ${name}, or write a default: env_var('${name}', '…').`,
          },
        )
      },
      ['var', 'default'],
    ),
  }
}

/**
 * Variables as a project's templates see them: given ones win over those of dbt_project.yml below the package's
 * name, and these over those at the top.
 */
export function mergedVars(
  project: { readonly name: string; readonly vars: Readonly<Record<string, unknown>> },
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const own = project.vars[project.name]
  return { ...project.vars, ...(isTree(own) ? own : {}), ...given }
}

const plain = new Environment()

/** Renders the texts of a YAML file: `var` and `env_var`, and the filters that make a number or a truth value of a text. */
export function yamlRenderer(outside: Outside, globals: Readonly<Record<string, unknown>> = {}): RenderText {
  const context = { ...globals, ...outsideFunctions(outside) }
  return (text) => {
    const template = plain.compile(text.replace(/\|\s*as_(bool|number|native|text)\s*(?=\}\})/, ''), {
      file: outside.file,
    })
    const rendered = template.render(context)
    return /\|\s*as_(bool|number|native)\s*\}\}/.test(text) ? nativeValue(rendered) : rendered
  }
}

// The converting filters stand last in an expression, because they only mean something for the whole text.
function nativeValue(text: string): unknown {
  const trimmed = text.trim()
  if (/^true$/i.test(trimmed)) return true
  if (/^false$/i.test(trimmed)) return false
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed)
  try {
    return JSON.parse(trimmed) as unknown
  } catch {
    return text
  }
}

/** A template's value as plain data: see `toJavaScript`; nothing at all becomes null. */
export function plainData(value: unknown): unknown {
  return toJavaScript(value) ?? null
}

/** The settings a call of `config(…)` gives, whether as keywords or as one dict. */
export function configCall({ args, kwargs }: Pick<Call, 'args' | 'kwargs'>): Record<string, unknown> {
  const [dict] = args
  const given = isMapping(dict) ? (plainData(dict) as Record<string, unknown>) : {}
  return { ...given, ...(plainData({ ...kwargs }) as Record<string, unknown>) }
}
