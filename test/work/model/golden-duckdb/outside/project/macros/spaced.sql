{%- macro spaced(one, other=2) -%}
    {{ one }}
{%- endmacro -%}


{%- macro after_it() -%} {{ spaced(1) }} {%- endmacro %}
