{% macro wrapped(text) %}{{ tools.label(text) }}{% endmacro %}
