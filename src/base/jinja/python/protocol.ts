/**
 * How JavaScript objects take part in templates. Every member is optional: an object without any is read by its own
 * and inherited properties, called with positional arguments and printed by its `toString`.
 */

/** Called instead of the object itself, with keywords and the calling template. */
export const CALL: unique symbol = Symbol('jinja.call')
/** The parameter names of a plain function, so that templates can pass them by keyword. */
export const PARAMS: unique symbol = Symbol('jinja.params')
/** `str(x)`: what `{{ x }}` prints. */
export const STR: unique symbol = Symbol('jinja.str')
/** `repr(x)`: how it prints inside a list. */
export const REPR: unique symbol = Symbol('jinja.repr')
/** `bool(x)`. */
export const TRUTH: unique symbol = Symbol('jinja.truth')
/** `len(x)`. */
export const LENGTH: unique symbol = Symbol('jinja.length')
/** `x.name`: answers `undefined` where there is no such attribute. */
export const ATTRIBUTE: unique symbol = Symbol('jinja.attribute')
/** `x[key]`: answers `undefined` where there is no such item. */
export const ITEM: unique symbol = Symbol('jinja.item')
/** `key in x`. */
export const CONTAINS: unique symbol = Symbol('jinja.contains')
/** `x == y`. */
export const EQUALS: unique symbol = Symbol('jinja.equals')
/** Whether `x is mapping`: for objects that Python would call a mapping without their being a dict. */
export const MAPPING: unique symbol = Symbol('jinja.mapping')
/** `x op y`, or `y op x` when `reversed`: answers `undefined` where the operation does not apply. */
export const OPERATE: unique symbol = Symbol('jinja.operate')
/** `x.__html__()`: what it prints as where text is escaped. */
export const HTML: unique symbol = Symbol('jinja.html')
/** On a function: it takes `Markup` as it is. Others, those of the host, get text in its place. */
export const KEEPS: unique symbol = Symbol('jinja.keeps')
/** The name that Python's error messages give its type. */
export const TYPE_NAME: unique symbol = Symbol('jinja.type')

/** Keyword arguments in the order they were written. */
export type Kwargs = Readonly<Record<string, unknown>>

/** What a template knows that calls a function of the host. */
export interface Caller {
  /** The variable of that name as the calling template sees it at its top level, or `undefined`. */
  lookup(name: string): unknown
  /** Whether what is printed there is escaped. */
  readonly autoescape: boolean
  /** Calls a template value (a macro, `caller`, a function). Answers a promise while rendering asynchronously. */
  call(value: unknown, args: readonly unknown[], kwargs?: Kwargs): unknown
  /** Whether promises are awaited here (`renderAsync`) or refused (`render`). */
  readonly async: boolean
}

/** One call of a template to a host function that was made with `native`. */
export interface Call {
  readonly args: readonly unknown[]
  readonly kwargs: Kwargs
  readonly caller: Caller
}

/** An object with any of the protocol's members. */
export interface Protocol {
  [CALL]?(call: Call): unknown
  [STR]?(): string
  [HTML]?(): string
  [REPR]?(): string
  [TRUTH]?(): boolean
  [LENGTH]?(): number
  [ATTRIBUTE]?(name: string): unknown
  [ITEM]?(key: unknown): unknown
  [CONTAINS]?(key: unknown): boolean
  [EQUALS]?(other: unknown): boolean
  [OPERATE]?(operator: string, other: unknown, reversed: boolean): unknown
  readonly [TYPE_NAME]?: string
  readonly [MAPPING]?: boolean
  readonly [PARAMS]?: readonly string[]
  readonly [KEEPS]?: boolean
}

/** The value seen as something that may implement the protocol; `undefined` for primitives. */
export function protocolOf(value: unknown): Protocol | undefined {
  return value !== null && (typeof value === 'object' || typeof value === 'function') ? (value as Protocol) : undefined
}

/** A function that templates call with positional and keyword arguments, received as one `Call`. */
export interface NativeFunction {
  (call: Call): unknown
  [CALL](call: Call): unknown
}

/** Makes a `NativeFunction`; `name` is what it prints as. */
export function native(name: string, body: (call: Call) => unknown): NativeFunction {
  const wrapped = (call: Call) => body(call)
  Object.defineProperty(wrapped, 'name', { value: name })
  return Object.assign(wrapped, { [CALL]: body })
}

/** Marks functions that tell `Markup` from text; answers them. */
export function keeping<T extends object>(fn: T): T {
  return Object.defineProperty(fn, KEEPS, { value: true, configurable: true })
}

/** `keeping` for every function of a table. */
export function allKeeping<T extends Readonly<Record<string, unknown>>>(table: T): T {
  for (const fn of Object.values(table)) if (typeof fn === 'function') keeping(fn)
  return table
}

/**
 * Names the parameters of a plain function, so that a template may pass them by keyword:
 * `params(logIt, ['msg', 'info'])` makes `{{ log('x', info=true) }}` call `logIt('x', true)`.
 * A parameter that was not passed arrives as `undefined`.
 */
export function params<F>(fn: F, names: readonly string[]): F {
  Object.defineProperty(fn, PARAMS, { value: names, configurable: true })
  return fn
}

/** Whether a value is a JavaScript object that stands for a dict: `{…}` or one without a prototype. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
