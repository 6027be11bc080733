# Writes what PySpark offers for tables: its classes' public methods, properties and operators.
#   usage: "$(bash scripts/peers/install-python.sh pyspark)" scripts/spark/list-api.py > test/data/frame/spark/pyspark-api.json
import json

import pyspark
from pyspark.sql import (Catalog, Column, DataFrame, DataFrameNaFunctions, DataFrameReader, DataFrameStatFunctions,
                         DataFrameWriter, DataFrameWriterV2, GroupedData, Row, SparkSession, Window, WindowSpec)
from pyspark.sql.tvf import TableValuedFunction

CLASSES = [DataFrame, Column, GroupedData, Window, WindowSpec, DataFrameReader, DataFrameWriter, DataFrameWriterV2,
           DataFrameNaFunctions, DataFrameStatFunctions, SparkSession, Catalog, TableValuedFunction, Row]
# What Python writes as a sign, and TypeScript has to write as a word.
SIGNS = {'__add__': '+', '__sub__': '-', '__mul__': '*', '__truediv__': '/', '__mod__': '%', '__pow__': '**',
         '__neg__': '-a', '__and__': '&', '__or__': '|', '__invert__': '~', '__eq__': '==', '__ne__': '!=',
         '__lt__': '<', '__le__': '<=', '__gt__': '>', '__ge__': '>=', '__getitem__': '[]', '__getattr__': '.'}


def members(of):
    named = [name for name in dir(of) if not name.startswith('_')]
    signs = [SIGNS[name] for name in vars(of) if name in SIGNS]
    return sorted(named) + (sorted(signs) if of in (Column, DataFrame) else [])


print('{')
print(f' "version": {json.dumps(pyspark.__version__)},')
print(' "classes": {')
print(',\n'.join(f'  {json.dumps(of.__name__)}: {json.dumps(members(of))}' for of in CLASSES))
print(' }\n}')
