/** Expressions. `at` is the offset in the template's source, with line ends as `\n`. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: unknown; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'tuple' | 'list' | 'concat'; readonly items: readonly Expression[]; readonly at: number }
  | { readonly kind: 'dict'; readonly items: readonly (readonly [Expression, Expression])[]; readonly at: number }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string; readonly at: number }
  | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression; readonly at: number }
  | {
      readonly kind: 'slice'
      readonly start: Expression | undefined
      readonly stop: Expression | undefined
      readonly step: Expression | undefined
      readonly at: number
    }
  | CallNode
  | {
      readonly kind: 'filter' | 'test'
      readonly name: string
      /** Absent in a filter block, where the block's text is filtered. */
      readonly of: Expression | undefined
      readonly args: Arguments
      readonly at: number
    }
  | {
      readonly kind: 'unary'
      readonly operator: '-' | '+' | 'not'
      readonly of: Expression
      readonly at: number
    }
  | {
      readonly kind: 'binary'
      readonly operator: '+' | '-' | '*' | '/' | '//' | '%' | '**' | 'and' | 'or'
      readonly left: Expression
      readonly right: Expression
      readonly at: number
    }
  | {
      readonly kind: 'compare'
      readonly first: Expression
      readonly rest: readonly { readonly operator: Comparison; readonly value: Expression }[]
      readonly at: number
    }
  | {
      readonly kind: 'choose'
      readonly test: Expression
      readonly yes: Expression
      readonly no: Expression | undefined
      readonly at: number
    }

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

export interface CallNode {
  readonly kind: 'call'
  readonly of: Expression
  readonly args: Arguments
  readonly at: number
}

/** What stands in the parentheses of a call. */
export interface Arguments {
  readonly positional: readonly Expression[]
  readonly keywords: readonly { readonly name: string; readonly value: Expression }[]
  readonly spread: Expression | undefined
  readonly spreadKeywords: Expression | undefined
}

/** What `set`, `for` and `with` assign to. */
export type Target =
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'member'; readonly name: string; readonly attribute: string; readonly at: number }
  | { readonly kind: 'tuple'; readonly items: readonly Target[]; readonly at: number }

export interface Parameter {
  readonly name: string
  readonly otherwise: Expression | undefined
}

export interface MacroNode {
  readonly kind: 'macro'
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
  /** The tag it was written with: `macro`, or that of an extension such as `test` or `materialization`. */
  readonly tag: string
  /** What the extension wants to keep about it; plain JSON. */
  readonly meta?: Readonly<Record<string, unknown>>
  readonly at: number
}

/** Statements and output. */
export type Statement =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'output'; readonly value: Expression; readonly at: number }
  | { readonly kind: 'do'; readonly value: Expression; readonly at: number }
  | { readonly kind: 'set'; readonly target: Target; readonly value: Expression; readonly at: number }
  | {
      readonly kind: 'set-block'
      readonly target: Target
      readonly filter: Expression | undefined
      readonly body: readonly Statement[]
      readonly at: number
    }
  | {
      readonly kind: 'if'
      readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[]
      readonly otherwise: readonly Statement[]
      readonly at: number
    }
  | ForNode
  | { readonly kind: 'break' | 'continue'; readonly at: number }
  | {
      readonly kind: 'with'
      readonly assignments: readonly { readonly target: Target; readonly value: Expression }[]
      readonly body: readonly Statement[]
      readonly at: number
    }
  | {
      readonly kind: 'autoescape'
      /** Whether what the body prints is escaped. */
      readonly value: Expression
      readonly body: readonly Statement[]
      readonly at: number
    }
  | MacroNode
  | {
      readonly kind: 'call-block'
      readonly parameters: readonly Parameter[]
      readonly call: CallNode
      readonly body: readonly Statement[]
      readonly at: number
    }
  | {
      readonly kind: 'filter-block'
      readonly filter: Expression
      readonly body: readonly Statement[]
      readonly at: number
    }
  | {
      readonly kind: 'block'
      readonly name: string
      readonly scoped: boolean
      readonly required: boolean
      readonly body: readonly Statement[]
      readonly at: number
    }
  | { readonly kind: 'extends'; readonly template: Expression; readonly at: number }
  | {
      readonly kind: 'include'
      readonly template: Expression
      readonly ignoreMissing: boolean
      readonly withContext: boolean
      readonly at: number
    }
  | {
      readonly kind: 'import'
      readonly template: Expression
      readonly name: string
      readonly withContext: boolean
      readonly at: number
    }
  | {
      readonly kind: 'from-import'
      readonly template: Expression
      readonly names: readonly { readonly name: string; readonly as: string }[]
      readonly withContext: boolean
      readonly at: number
    }

export interface ForNode {
  readonly kind: 'for'
  readonly target: Target
  readonly over: Expression
  readonly test: Expression | undefined
  readonly recursive: boolean
  readonly body: readonly Statement[]
  readonly otherwise: readonly Statement[]
  readonly at: number
}
