/** Built-in macros in the form PostgreSQL needs, found by dispatch as `postgres__…`. The SQL is dbt-postgres', so that results agree. */
export const POSTGRES_MACROS = `
{# Before version 16 PostgreSQL has no any_value, and a result should not depend on the server's version. #}
{% macro postgres__any_value(expression) -%}
    min({{ expression }})
{%- endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{%- endmacro %}

{% macro postgres__datediff(first_date, second_date, datepart) -%}
    {%- set day = '((' ~ second_date ~ ')::date - (' ~ first_date ~ ')::date)' -%}
    {%- set year = _postgres_between('year', first_date, second_date, 'date') -%}
    {%- set hour = '(' ~ day ~ ' * 24 + ' ~ _postgres_between('hour', first_date, second_date, 'timestamp')[1:] -%}
    {%- set minute = '(' ~ hour ~ ' * 60 + ' ~ _postgres_between('minute', first_date, second_date, 'timestamp')[1:] -%}
    {%- if datepart == 'year' -%}
        {{ year }}
    {%- elif datepart == 'quarter' -%}
        ({{ year }} * 4 + {{ _postgres_between('quarter', first_date, second_date, 'date')[1:] }}
    {%- elif datepart == 'month' -%}
        ({{ year }} * 12 + {{ _postgres_between('month', first_date, second_date, 'date')[1:] }}
    {%- elif datepart == 'day' -%}
        {{ day }}
    {%- elif datepart == 'week' -%}
        ({{ day }} / 7 + case
            when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp) then
                case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
            else
                case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
        end)
    {%- elif datepart == 'hour' -%}
        {{ hour }}
    {%- elif datepart == 'minute' -%}
        {{ minute }}
    {%- elif datepart == 'second' -%}
        ({{ minute }} * 60 + {{ _postgres_whole('second', first_date, second_date) }})
    {%- elif datepart == 'millisecond' -%}
        ({{ minute }} * 60000 + {{ _postgres_whole('millisecond', first_date, second_date) }})
    {%- elif datepart == 'microsecond' -%}
        ({{ minute }} * 60000000 + {{ _postgres_whole('microsecond', first_date, second_date) }})
    {%- else -%}
        {{ exceptions.raise_compiler_error("Unsupported datepart for macro datediff in postgres: '" ~ datepart ~ "'") }}
    {%- endif -%}
{%- endmacro %}

{% macro _postgres_between(part, first_date, second_date, type) -%}
    {{ return("(date_part('" ~ part ~ "', (" ~ second_date ~ ")::" ~ type ~ ") - date_part('" ~ part ~ "', (" ~ first_date ~ ")::" ~ type ~ "))") }}
{%- endmacro %}

{% macro _postgres_whole(part, first_date, second_date) -%}
    {{ return("floor(date_part('" ~ part ~ "', (" ~ second_date ~ ")::timestamp)) - floor(date_part('" ~ part ~ "', (" ~ first_date ~ ")::timestamp))") }}
{%- endmacro %}

{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {%- if limit_num -%}
    array_to_string((array_agg({{ measure }} {{ order_by_clause or '' }}))[1:{{ limit_num }}], {{ delimiter_text }})
    {%- else -%}
    string_agg({{ measure }}, {{ delimiter_text }} {{ order_by_clause or '' }})
    {%- endif -%}
{%- endmacro %}

{% macro postgres__split_part(string_text, delimiter_text, part_number) -%}
    {%- if part_number >= 0 -%}
    {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
    {%- else -%}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
    {%- endif -%}
{%- endmacro %}

{% macro postgres__current_timestamp_in_utc_backcompat() -%}
    (current_timestamp at time zone 'utc')::{{ type_timestamp() }}
{%- endmacro %}

{% macro postgres__snapshot_get_time() -%}
    {{ current_timestamp() }}::timestamp without time zone
{%- endmacro %}
`
