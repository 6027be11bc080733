import { formatPlace, type MillraceError } from '../../../base/kernel/index.ts'
import type { DbtEvent, DbtRun, Node, NodeResult, SourceNode } from '../../../work/model/index.ts'
import { describeNode, describeResult, foundWords, plural, workedWords } from './node-words.ts'

/** How much a line matters, by dbt's names. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One line of progress, before it is printed as text or JSON. */
export interface LogLine {
  readonly level: LogLevel
  readonly text: string
  /** dbt's name of the event. */
  readonly name: string
  readonly data?: Readonly<Record<string, unknown>>
  /** A word of `text` in colour. */
  readonly mark?: { readonly word: string; readonly colour: 'green' | 'red' | 'yellow' }
}

const BLANK: LogLine = { level: 'info', text: '', name: 'Formatting' }

/** Turns the events of a command into dbt's lines. */
export class LogLines {
  readonly #width: number
  readonly #threads: number
  readonly #target: string
  #begun = false

  constructor(options: { readonly width: number; readonly threads: number; readonly target: string }) {
    this.#width = options.width
    this.#threads = options.threads
    this.#target = options.target
  }

  of(event: DbtEvent): LogLine[] {
    switch (event.kind) {
      case 'parsed':
        return [{ level: 'info', text: `Found ${foundWords(event.manifest)}`, name: 'FoundStats' }]
      case 'warning':
        return [warning(event.name, event.message)]
      case 'log':
        return event.info
          ? [{ level: 'info', text: event.message, name: 'JinjaLogInfo' }]
          : [{ level: 'debug', text: event.message, name: 'JinjaLogDebug' }]
      case 'started':
        return [...this.#begin(), ...betweenHooks(event, 'on-run-end', 1), this.#started(event)]
      case 'finished':
        return [...this.#begin(), this.#finished(event), ...betweenHooks(event, 'on-run-start', event.total)]
    }
  }

  #begin(): LogLine[] {
    if (this.#begun) return []
    this.#begun = true
    const text = `Concurrency: ${plural(this.#threads, 'thread').replace(/^1 thread$/, '1 threads')} (target='${this.#target}')`
    return [BLANK, { level: 'info', text, name: 'ConcurrencyLine' }, BLANK]
  }

  #started({ node, index, total }: Extract<DbtEvent, { kind: 'started' }>): LogLine {
    const text = this.#fancy(index, total, `START ${describeNode(node)}`, 'RUN')
    return {
      level: 'info',
      text,
      name: node.resource_type === 'operation' ? 'LogHookStartLine' : 'LogStartLine',
      data: { index, total, node_info: nodeInfo(node) },
    }
  }

  #finished({ node, result, index, total }: Extract<DbtEvent, { kind: 'finished' }>): LogLine {
    const { message, status } = describeResult(node, result)
    const seconds =
      result.status === 'skipped' && node.resource_type !== 'operation' ? undefined : result.executionMs / 1000
    const colour = COLOURS[result.status]
    return {
      level:
        result.status === 'error' || result.status === 'fail' ? 'error' : result.status === 'warn' ? 'warn' : 'info',
      text: this.#fancy(index, total, message, status, seconds),
      name: resultEvent(node, result),
      data: {
        index,
        total,
        status: result.status,
        ...(seconds === undefined ? {} : { execution_time: seconds }),
        node_info: { ...nodeInfo(node), node_status: result.status },
      },
      ...(colour ? { mark: { word: `[${status}`, colour } } : {}),
    }
  }

  /** `1 of 3 START sql view model main.a ........ [RUN]`, as wide as dbt writes it. */
  #fancy(index: number, total: number, message: string, status: string, seconds?: number): string {
    const prefix = `${index} of ${total} ${message} `
    const filled =
      prefix.length > this.#width ? `${prefix.slice(0, this.#width - 3)}...` : prefix.padEnd(this.#width, '.')
    return `${filled} [${status}${seconds === undefined ? '' : ` in ${seconds.toFixed(2)}s`}]`
  }
}

const COLOURS: Partial<Record<NodeResult['status'], 'green' | 'red' | 'yellow'>> = {
  success: 'green',
  pass: 'green',
  warn: 'yellow',
  skipped: 'yellow',
  error: 'red',
  fail: 'red',
}

/** An empty line sets hooks apart from the nodes. */
function betweenHooks({ node, index }: Extract<DbtEvent, { node: unknown }>, tag: string, at: number): LogLine[] {
  return node.resource_type === 'operation' && node.tags[0] === tag && index === at ? [BLANK] : []
}

function resultEvent(node: Node | SourceNode, { status }: NodeResult): string {
  if (status === 'skipped' && node.resource_type !== 'operation') return 'SkippingDetails'
  return RESULT_EVENTS[node.resource_type] ?? 'LogNodeResult'
}

const RESULT_EVENTS: Readonly<Record<string, string>> = {
  model: 'LogModelResult',
  seed: 'LogSeedResult',
  snapshot: 'LogSnapshotResult',
  test: 'LogTestResult',
  unit_test: 'LogTestResult',
  source: 'LogFreshnessResult',
  operation: 'LogHookEndLine',
}

function nodeInfo(node: { unique_id: string; name: string; resource_type: string; path: string }): object {
  const { alias, database, schema, relation_name: relation, config } = node as Partial<Node>
  return {
    unique_id: node.unique_id,
    node_name: node.name,
    resource_type: node.resource_type,
    node_path: node.path,
    materialized: config?.materialized ?? null,
    node_relation: {
      alias: alias ?? '',
      database: database ?? '',
      schema: schema ?? '',
      relation_name: relation ?? '',
    },
  }
}

/** A warning as dbt marks it. */
export function warning(name: string, message: string): LogLine {
  return { level: 'warn', text: `[WARNING]: ${message}`, name, mark: { word: 'WARNING', colour: 'yellow' } }
}

/** The lines after the last node: what was run, what went wrong where, the counts. */
export function endLines(run: DbtRun, targetPath: string): LogLine[] {
  const { results, manifest, elapsedMs } = run
  const nodes = results.flatMap(({ unique_id: id }) => manifest.nodes.get(id) ?? manifest.sources.get(id) ?? [])
  const seconds = (elapsedMs / 1000).toFixed(2)
  const [minutes, hours] = [Math.floor(elapsedMs / 60_000) % 60, Math.floor(elapsedMs / 3_600_000)]
  const rest = ((elapsedMs % 60_000) / 1000).toFixed(2)
  const text = `Finished running ${workedWords(nodes)} in ${hours} hours ${minutes} minutes and ${rest} seconds (${seconds}s).`
  const lines: LogLine[] = [BLANK, { level: 'info', text, name: 'FinishedRunningStats' }, BLANK]
  const errors = results.filter(({ status }) => status === 'error' || status === 'fail')
  const warned = results.filter(({ status }) => status === 'warn')
  // dbt counts hooks that were skipped among the errors.
  const held = results.filter((one) => one.status === 'skipped' && one.resource_type === 'operation')
  if (run.command === 'source freshness')
    return [...lines, ...errors.flatMap((result) => failureLines(run, result, targetPath)), done('Done.')]
  if (errors.length + warned.length === 0) {
    lines.push({
      level: 'info',
      text: 'Completed successfully',
      name: 'EndOfRunSummary',
      mark: { word: 'Completed successfully', colour: 'green' },
    })
  } else {
    const summary = `Completed with ${plural(errors.length + held.length, 'error')}, 0 partial successes, and ${plural(warned.length, 'warning')}:`
    lines.push({
      level: 'info',
      text: summary,
      name: 'EndOfRunSummary',
      mark: { word: summary, colour: errors.length > 0 ? 'red' : 'yellow' },
    })
    for (const result of [...errors, ...warned]) lines.push(BLANK, ...failureLines(run, result, targetPath))
  }
  return [...lines, BLANK, done(statsLine(results))]
}

function done(text: string): LogLine {
  return { level: 'info', text, name: 'StatsLine' }
}

function statsLine(results: DbtRun['results']): string {
  const count = (...wanted: string[]): number => results.filter(({ status }) => wanted.includes(status)).length
  const parts = [
    `PASS=${count('success', 'pass')}`,
    `WARN=${count('warn')}`,
    `ERROR=${count('error', 'fail')}`,
    `SKIP=${count('skipped')}`,
    `NO-OP=${count('no-op')}`,
    'REUSED=0',
    `TOTAL=${results.length}`,
  ]
  return `Done. ${parts.join(' ')}`
}

function failureLines({ manifest }: DbtRun, result: NodeResult, targetPath: string): LogLine[] {
  const node = manifest.nodes.get(result.unique_id) ?? manifest.sources.get(result.unique_id)
  const bad = result.status !== 'warn'
  const level = bad ? 'error' : 'warn'
  const word = bad ? 'ERROR' : 'WARNING'
  const head: LogLine = {
    level,
    text: `[${word}]: in ${result.resource_type} ${result.name} (${node?.original_file_path ?? ''})`,
    name: bad ? 'RunResultFailure' : 'RunResultWarning',
    mark: { word, colour: bad ? 'red' : 'yellow' },
  }
  const { error } = result
  const body = error
    ? [
        (result.message ?? '').split('\n', 1)[0] ?? '',
        indented(`${error.code}: ${error.message}`),
        ...(error.at ? [indented(`at   ${formatPlace(error.at)}`)] : []),
        ...(error.hint ? [indented(`hint ${error.hint}`)] : []),
      ]
    : (result.message ?? '').split('\n')
  const lines: LogLine[] = [
    head,
    ...body.map((text): LogLine => ({ level, text: indented(text), name: 'RunResultError' })),
  ]
  const compiled = node && 'compiled_path' in node ? node.compiled_path : null
  if (!compiled) return lines
  const path = compiled.startsWith(targetPath) ? compiled : `${targetPath}/${compiled}`
  return [...lines, BLANK, { level: 'info', text: `  compiled code at ${path}`, name: 'SQLCompiledPath' }]
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}

/** An error that ended the command, as lines. */
export function errorLogLines(error: MillraceError): LogLine[] {
  const cause = error.cause instanceof Error ? error.cause.message : typeof error.cause === 'string' ? error.cause : ''
  const [first] = cause.split('\n')
  const body = [
    `${error.code}: ${error.message}`,
    ...(error.at ? [`at   ${formatPlace(error.at)}`] : []),
    ...(first && !error.message.includes(first) ? [`from ${first}`] : []),
    ...(error.hint ? [`hint ${error.hint}`] : []),
  ]
  const head: LogLine = {
    level: 'error',
    text: '[ERROR]: Encountered an error:',
    name: 'MainEncounteredError',
    mark: { word: 'ERROR', colour: 'red' },
  }
  return [
    head,
    ...body.map((text): LogLine => ({ level: 'error', text: indented(text), name: 'MainEncounteredError' })),
  ]
}
