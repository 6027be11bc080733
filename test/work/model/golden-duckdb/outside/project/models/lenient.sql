-- While files are read a variable without a value is none.
select {{ 'null' if execute else (var('no_such_variable') ~ '') }} as nothing
