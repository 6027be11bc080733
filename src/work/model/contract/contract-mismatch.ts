/** A column as one side of a contract has it. */
export interface TypedColumn {
  readonly name: string
  readonly type: string
}

/** A column in which a model and its contract differ. */
export interface ContractMismatch {
  readonly column_name: string
  readonly definition_type: string
  readonly contract_type: string
  readonly mismatch_reason: 'missing in definition' | 'missing in contract' | 'data type mismatch'
}

/** In which columns a query differs from the contract of its model; the order of columns does not matter. */
export function contractMismatches(
  contract: readonly TypedColumn[],
  definition: readonly TypedColumn[],
): ContractMismatch[] {
  const key = (name: string): string => name.toLowerCase()
  const defined = new Map(definition.map((column) => [key(column.name), column]))
  const promised = new Set(contract.map(({ name }) => key(name)))
  const found = contract.flatMap(({ name, type }): ContractMismatch[] => {
    const own = defined.get(key(name))
    const row = { column_name: name, definition_type: own?.type ?? '', contract_type: type }
    if (!own) return [{ ...row, mismatch_reason: 'missing in definition' }]
    return own.type.toLowerCase() === type.toLowerCase() ? [] : [{ ...row, mismatch_reason: 'data type mismatch' }]
  })
  const extra = definition
    .filter(({ name }) => !promised.has(key(name)))
    .map(
      ({ name, type }): ContractMismatch => ({
        column_name: name,
        definition_type: type,
        contract_type: '',
        mismatch_reason: 'missing in contract',
      }),
    )
  return [...found, ...extra].sort((a, b) =>
    a.column_name < b.column_name ? -1 : a.column_name > b.column_name ? 1 : 0,
  )
}

/** dbt's words for a contract that a model does not keep, with its table. */
export function contractText(mismatches: readonly ContractMismatch[], contract: readonly TypedColumn[]): string {
  if (contract.length === 0) {
    return [
      "This model has an enforced contract, and its 'columns' specification is missing. You can either:",
      '- Add the columns to the YAML configuration, or',
      '- Remove `contract: {enforced: true}` to use the previous behaviour.',
    ].join('\n')
  }
  const headers = ['column_name', 'definition_type', 'contract_type', 'mismatch_reason'] as const
  const rows = mismatches.map((one) => headers.map((header) => one[header]))
  const widths = headers.map((header, at) => Math.max(header.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [
    'This model has an enforced contract that failed.',
    "Please ensure the name, data_type, and number of columns in your contract match the columns in your model's definition.",
    '',
    line(headers),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
  ].join('\n')
}
