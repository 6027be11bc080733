{% macro scream(x) %}{{ return(adapter.dispatch('scream')(x)) }}{% endmacro %}
{% macro default__scream(x) %}{{ x }}!{% endmacro %}
{% macro postgres__scream(x) %}{{ x }}?{% endmacro %}
{% macro duckdb__scream(x) %}{{ x }}.{% endmacro %}
