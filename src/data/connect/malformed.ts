import { MillraceError } from '../../base/kernel/index.ts'
import type { SourceFile } from './source.ts'

/** Whether the engine refused a statement, as opposed to being cancelled or out of memory. */
export function engineRefused(thrown: unknown): thrown is MillraceError {
  return thrown instanceof MillraceError && thrown.code === 'ENGINE_SQL'
}

/** SOURCE_MALFORMED naming the file that the engine complains of; anything that is no refusal is left as it is. */
export function malformedFile(thrown: unknown, files: readonly SourceFile[]): unknown {
  if (!engineRefused(thrown)) return thrown
  const file =
    files.find(({ location }) => thrown.message.includes(location)) ?? (files.length === 1 ? files[0] : undefined)
  const [, line] = /line (\d+)/i.exec(thrown.message) ?? []
  return new MillraceError('SOURCE_MALFORMED', `reading ${file?.path ?? `${files.length} files`}: ${thrown.message}`, {
    cause: thrown,
    ...(file ? { at: { file: file.path, ...(line ? { line: Number(line) } : {}) } } : {}),
  })
}
