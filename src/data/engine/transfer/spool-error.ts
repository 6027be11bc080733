import { MillraceError } from '../../../base/kernel/index.ts'

/**
 * What DuckDB says of spooled rows that it could not read, in our words: VALUE_OUT_OF_RANGE with the column, the value
 * and the type. Any other error stays as it is.
 * @param of what was read, for the message: `shop_db: public.orders`
 */
export function spoolError(thrown: unknown, of: string): unknown {
  if (!(thrown instanceof MillraceError) || thrown.code !== 'ENGINE_SQL') return thrown
  const { message } = thrown
  const found =
    /Error when converting column "((?:[^"\\]|\\.)*)"\. Could not convert string "([\s\S]*?)" to '(.+?)'/.exec(message)
  if (!found) {
    if (!/Maximum line size|full read on this file|state machine reached an invalid state/.test(message)) return thrown
    return new MillraceError(
      'VALUE_OUT_OF_RANGE',
      `reading rows of ${of}: one has more than 8 MB, or 64 MB where long ones were expected`,
      {
        cause: thrown,
        hint: 'Leave its large column out, or cut the value in a query.',
      },
    )
  }
  const [, column = '', value = '', type = ''] = found
  const where = column === '' ? '' : `the column "${column}" of `
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value
  return new MillraceError(
    'VALUE_OUT_OF_RANGE',
    `reading ${where}${of}: ${JSON.stringify(shown)} does not fit ${type}`,
    {
      cause: thrown,
      hint: 'Change the value, or give the column the type string (or another that fits) in a query or where its type is stated.',
      data: { ...(column === '' ? {} : { column }), type },
    },
  )
}
