import { Environment, type LexerOptions, selectAutoescape, type UndefinedKind } from '../../../src/base/jinja/index.ts'

/** jinja2's options by their own names, as the recording scripts write them. */
export interface RecordedOptions {
  templates?: Record<string, string>
  /** The name the template is loaded by. */
  name?: string
  autoescape?: boolean
  /** The extensions given to `select_autoescape`. */
  enabled?: string[]
  undefined?: UndefinedKind
  trim_blocks?: boolean
  lstrip_blocks?: boolean
  keep_trailing_newline?: boolean
  newline_sequence?: '\n' | '\r\n' | '\r'
  block_start_string?: string
  block_end_string?: string
  variable_start_string?: string
  variable_end_string?: string
  comment_start_string?: string
  comment_end_string?: string
  line_statement_prefix?: string
  line_comment_prefix?: string
}

/** An environment with the options that a template was recorded with. */
export function recordedEnvironment(options: RecordedOptions = {}): Environment {
  const templates = options.templates ?? {}
  const lexer: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (['templates', 'name', 'autoescape', 'enabled', 'undefined'].includes(name)) continue
    const camel = name.replace(/_string$/, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    lexer[camel] = value
  }
  const { enabled } = options
  return new Environment({
    loader: (name) => (name in templates ? { source: templates[name] ?? '', file: name } : undefined),
    options: lexer as LexerOptions,
    autoescape: enabled ? selectAutoescape({ enabled }) : (options.autoescape ?? false),
    ...(options.undefined ? { undefinedKind: options.undefined } : {}),
  })
}
