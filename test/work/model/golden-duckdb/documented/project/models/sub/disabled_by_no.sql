select 1 as off_col
