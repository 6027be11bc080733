import type { Json } from '../../base/kernel/index.ts'
import { MillraceError } from '../../base/kernel/index.ts'
import type { ValidationResult } from '../../work/quality/index.ts'
import type { CommandCall } from './command.ts'

/** A wrong use of `millrace validate`. */
export function usage(what: string, hint: string): MillraceError {
  return new MillraceError('USAGE', `millrace validate: ${what}`, { hint })
}

/** @throws MillraceError USAGE when one of the options is given, with what goes with it instead */
export function refuse(
  { options }: CommandCall,
  refused: Readonly<Record<string, readonly [what: string, hint: string]>>,
): void {
  for (const [name, [what, hint]] of Object.entries(refused)) if (options[name] !== undefined) throw usage(what, hint)
}

/** Whether JSON is asked for, by either word. @throws MillraceError USAGE when two formats are asked for */
export function asJson({ terminal, options }: CommandCall): boolean {
  if (options.json === true && options.format !== undefined && options.format !== 'json') {
    throw usage(`--json and --format ${String(options.format)} exclude each other`, 'Leave one of them out.')
  }
  return terminal.json || options.format === 'json'
}

/** Names and values of an option that may come several times; `example` is how one is written. */
export function pairs(given: unknown, example: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const text of [given].flat().map(String)) {
    const at = text.indexOf('=')
    if (at < 1) throw usage(`"${text}" is not name=value`, `Write ${example}.`)
    found[text.slice(0, at)] = text.slice(at + 1)
  }
  return found
}

/** Values of suite parameters: JSON, or else text. */
export function parameters(given: unknown): Record<string, Json> {
  const texts = Object.entries(pairs(given, '--parameter least=4'))
  return Object.fromEntries(
    texts.map(([name, text]): [string, Json] => {
      try {
        return [name, JSON.parse(text) as Json]
      } catch {
        return [name, text]
      }
    }),
  )
}

/** Writes the page of `--docs`, when it is asked for; before the result is printed, which an error would follow. */
export async function writeDocs(
  { options, terminal }: CommandCall,
  title: string,
  results: readonly ValidationResult[],
): Promise<void> {
  if (typeof options.docs !== 'string') return
  const { resultDocs } = await import('../../work/quality/index.ts')
  const { writePage } = await import('./write-page.ts')
  terminal.note(`Written: ${await writePage(options.docs, resultDocs(results, { title, madeAt: new Date() }))}`)
}
