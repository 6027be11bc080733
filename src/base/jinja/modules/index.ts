import { DATETIME_MODULE, PYTZ_MODULE } from './datetime.ts'
import { ITERTOOLS_MODULE } from './itertools.ts'
import { RE_MODULE } from './regular-expression.ts'

/** The modules of Python that dbt gives templates as `modules`. */
export const PYTHON_MODULES: Readonly<Record<string, unknown>> = {
  datetime: DATETIME_MODULE,
  pytz: PYTZ_MODULE,
  re: RE_MODULE,
  itertools: ITERTOOLS_MODULE,
}
