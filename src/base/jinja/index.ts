export { FILTERS } from './builtin/filters.ts'
export { GLOBALS } from './builtin/globals.ts'
export { dumpJson } from './builtin/json.ts'
export { type AutoescapeSelection, selectAutoescape } from './builtin/select-autoescape.ts'
export { TESTS } from './builtin/tests.ts'
export type { EnvironmentOptions, Loader, Named, TemplatePlace } from './environment.ts'
export { compileTemplate, Environment } from './environment.ts'
export { Expression } from './expression.ts'
export { expressionText } from './expression-text.ts'
export { type FoundCall, type FoundCalls, findCalls } from './find-calls.ts'
export { type FlatPiece, flatPieces } from './flat-pieces.ts'
export { impureReads } from './impure.ts'
export { PYTHON_MODULES } from './modules/index.ts'
export { PythonDate, PythonDateTime, PythonTime } from './modules/moment-values.ts'
export { UTC } from './modules/time-zone.ts'
export { bind } from './python/arguments.ts'
export { attribute, item } from './python/attribute.ts'
export { ascending, contains, equals, order } from './python/compare.ts'
export { Decimal } from './python/decimal.ts'
export {
  Dict,
  DictView,
  isMapping,
  type Mapping,
  mappingDelete,
  mappingEntries,
  mappingGet,
  mappingHas,
  mappingSet,
  mappingSize,
  PythonSet,
} from './python/dict.ts'
export { Float, float, int, isFloat, isInt, numberOf } from './python/float.ts'
export { Markup } from './python/markup.ts'
export * from './python/protocol.ts'
export { PythonError, type PythonErrorKind, typeError } from './python/python-error.ts'
export { OneShot, Range, Tuple } from './python/sequence.ts'
export { repr, str, typeName } from './python/text.ts'
export { toJavaScript } from './python/to-javascript.ts'
export { isIterable, iterable, iterate, length, truth } from './python/truth.ts'
export { Undefined, type UndefinedKind } from './python/undefined.ts'
export type { VariableSource, Variables } from './runtime/context.ts'
export { type TemplateFrame, templateStack } from './runtime/failure.ts'
export { Macro, MacroReturn, returnValue } from './runtime/macro.ts'
export { Module } from './runtime/module.ts'
export { Namespace } from './runtime/namespace.ts'
export type { LexerOptions } from './syntax/delimiters.ts'
export type { Expression as ExpressionNode, MacroNode, Statement } from './syntax/nodes.ts'
export type { TagExtension, TagParser } from './syntax/parser.ts'
export type { MacroDeclaration } from './template.ts'
export { Template } from './template.ts'
export { type TopLevelBlock, topLevelBlocks } from './top-level-blocks.ts'
