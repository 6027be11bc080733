{% macro cents(column) %}{{ rounded(column ~ ' / 100') }}{% endmacro %}
{% macro rounded(text) %}round({{ text }}, 3){% endmacro %}
{% macro unused_one() %}1{% endmacro %}
