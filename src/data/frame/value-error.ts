import { MillraceError } from '../../base/kernel/index.ts'

/** What to do about a value, by Spark's error classes (its reference, "Error Conditions"). */
const HINTS: Readonly<Record<string, string>> = {
  DIVIDE_BY_ZERO: 'Use tryDivide() to get null, or filter such rows first.',
  REMAINDER_BY_ZERO: 'Use tryMod() to get null, or filter such rows first.',
  ARITHMETIC_OVERFLOW:
    'Cast an operand to a wider type first, or use tryAdd(), trySubtract() or tryMultiply() to get null.',
  CAST_INVALID_INPUT: 'Use tryCast() to get null for values that are not of the type.',
  CAST_OVERFLOW: 'Use tryCast() to get null for values that do not fit.',
  SCALAR_SUBQUERY_TOO_MANY_ROWS: 'Aggregate them, such as .agg(max("amount")), or keep one by .limit(1).',
}

/** Errors that engines word differently. */
const WORDS: Readonly<Record<string, string>> = {
  INVALID_UTF8_STRING: 'bytes that are no text in UTF-8',
  DIVIDE_BY_ZERO: 'division by zero',
  REMAINDER_BY_ZERO: 'remainder of a division by zero',
  SCALAR_SUBQUERY_TOO_MANY_ROWS: 'a subquery that stands for one value gives several rows',
}

/** The class of an engine's own complaint about a value. */
const NATIVE: readonly (readonly [RegExp, string])[] = [
  [/Map keys must be unique/, 'DUPLICATED_MAP_KEY'],
  [/More than one row returned by a subquery|more than one row returned/i, 'SCALAR_SUBQUERY_TOO_MANY_ROWS'],
  [/Map keys can not be NULL/i, 'NULL_MAP_KEY'],
  [/could not convert blob to UTF8 string/, 'INVALID_UTF8_STRING'],
  [/division by zero/i, 'DIVIDE_BY_ZERO'],
  [/Out of Range Error: (?:Date|Timestamp)\b.*out of range/i, 'DATETIME_OVERFLOW'],
  [
    /Out of Range Error: (?:Overflow|Cannot .*overflow)|(?:integer|bigint|smallint) out of range/i,
    'ARITHMETIC_OVERFLOW',
  ],
  [/Conversion Error: (?:.*(?:out of range|doesn't fit)|Could not cast value)/i, 'CAST_OVERFLOW'],
  [/Conversion Error: (?:Could not convert|invalid|Failed to cast)/i, 'CAST_INVALID_INPUT'],
]

/** Whether a decimal was too large for the 64 bits that it was hoped to fit. */
export function overflows(thrown: unknown): boolean {
  return thrown instanceof MillraceError && /Overflow in \w+ of DECIMAL\(18\)/.test(thrown.message)
}

/** An engine's error about a value that was computed with, as FRAME_VALUE with Spark's error class; others unchanged. */
export function valueError(thrown: unknown): unknown {
  if (!(thrown instanceof MillraceError) || thrown.code !== 'ENGINE_SQL') return thrown
  const { message } = thrown
  const [, own, text] = /\[([A-Z][A-Z_.0-9]+)\] ([^\n]*)/.exec(message) ?? []
  const errorClass = own ?? NATIVE.find(([pattern]) => pattern.test(message))?.[1]
  if (errorClass === undefined) return thrown
  const what = WORDS[errorClass] ?? text ?? message.slice(message.indexOf(': ') + 2).split('\n')[0] ?? ''
  return new MillraceError('FRAME_VALUE', `[${errorClass}] ${what}`, {
    cause: thrown,
    data: { errorClass },
    hint: HINTS[errorClass] ?? 'Filter or replace such values before they are computed with.',
  })
}
