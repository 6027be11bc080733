import {
  type Call,
  Environment,
  isMapping,
  native,
  params,
  returnValue,
  type Template,
} from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import { pythonStr } from '../python-text.ts'
import { isTree } from '../read/config-tree.ts'
import { hasTemplate, type RenderText } from '../read/render-yaml.ts'
import { MARKING_FILTERS, PLAIN_FILTERS, renderNative } from './native-value.ts'
import { plainData } from './plain-data.ts'
import { VALUE_FUNCTIONS } from './value-functions.ts'

/** Values that templates read from outside: `--vars` with those of dbt_project.yml, and the environment. */
export interface Outside {
  readonly vars: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The file that is being rendered, for messages. */
  readonly file: string
  /** Whether environment variables that hold secrets may be read: in profiles.yml and packages.yml alone. */
  readonly secrets?: boolean
  /** Renders a variable whose value holds template code; without it such a value stays as it is written. */
  readonly render?: (text: string) => unknown
  /** Whether a variable without a value is none instead of an error: while nodes are read. */
  readonly lenient?: boolean
}

/** `var(name, default)` and `env_var(name, default)`, which exist in every template, YAML files included. */
export function outsideFunctions(outside: Outside): Record<string, unknown> {
  const variable = native('var', ({ args, kwargs }) => {
    const name = pythonStr(args[0] ?? kwargs['var'] ?? kwargs['name'])
    const value = outside.vars[name]
    if (value !== undefined) {
      return typeof value === 'string' && outside.render && hasTemplate(value) ? outside.render(value) : value
    }
    const fallback = args.length > 1 ? args[1] : kwargs['default']
    if (fallback !== undefined) return fallback
    if (outside.lenient) return null
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
      (name: string, fallback?: unknown) => environmentVariable(outside, name, fallback),
      ['var', 'default'],
    ),
  }
}

/** Secrets: only profiles and packages may read them, so that they come into no compiled file. */
const SECRET_PREFIX = 'DBT_ENV_SECRET'

function environmentVariable(outside: Outside, name: string, fallback: unknown): unknown {
  if (name.startsWith(SECRET_PREFIX) && !outside.secrets) {
    throw new MillraceError(
      'MODEL_INVALID',
      `rendering ${outside.file}: secret env vars are allowed only in profiles.yml or packages.yml. Found '${name}' referenced elsewhere.`,
      { at: { file: outside.file }, hint: `Environment variables beginning with ${SECRET_PREFIX} are secrets.` },
    )
  }
  const value = outside.environment[name]
  if (value !== undefined) return value
  if (fallback !== undefined && fallback !== null) return fallback
  throw new MillraceError('SECRET_MISSING', `rendering ${outside.file}: the environment variable ${name} is not set`, {
    at: { file: outside.file },
    hint: `Set ${name}, or write a default: env_var('${name}', '…').`,
  })
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

const plain = new Environment({ globals: { return: returnValue }, filters: MARKING_FILTERS })

/** Renders the texts of a YAML file: a text that is one expression gets that expression's value. */
export function yamlRenderer(outside: Outside, globals: Readonly<Record<string, unknown>> = {}): RenderText {
  const context = yamlContext(outsideFunctions(outside), globals)
  return (text) => renderNative(plain.compile(text, { file: outside.file }), context)
}

const ofVariables = new Environment({ globals: { return: returnValue }, filters: PLAIN_FILTERS })
const variables = new Map<string, Template>()

/** The text of a variable that is template code, such as `"{{ source('shop', 'orders') }}"`, for the node that asks. */
export function renderVariable(
  text: string,
  file: string,
  context: Readonly<Record<string, unknown>>,
): Promise<string> {
  const template = variables.get(text) ?? ofVariables.compile(text, { file })
  variables.set(text, template)
  return template.renderAsync(context)
}

/** The given names with those of the invocation, of which some tell that they are read: so they are not copied. */
function yamlContext(
  own: Readonly<Record<string, unknown>>,
  globals: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.defineProperties({ ...VALUE_FUNCTIONS, ...own }, Object.getOwnPropertyDescriptors(globals))
}

/** Renders descriptions and documentation blocks: texts, whatever their template gives. */
export function descriptionRenderer(
  outside: Omit<Outside, 'file'>,
  globals: Readonly<Record<string, unknown>>,
): (text: string, file: string, more: Readonly<Record<string, unknown>>) => string {
  return (text, file, more) =>
    plain.compile(text, { file }).render(yamlContext({ ...outsideFunctions({ ...outside, file }), ...more }, globals))
}

/** The settings a call of `config(…)` gives, whether as keywords or as one dict. */
export function configCall({ args, kwargs }: Pick<Call, 'args' | 'kwargs'>): Record<string, unknown> {
  const [dict] = args
  const given = isMapping(dict) ? (plainData(dict) as Record<string, unknown>) : {}
  return { ...given, ...(plainData({ ...kwargs }) as Record<string, unknown>) }
}
