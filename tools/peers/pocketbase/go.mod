module peers/pocketbase

go 1.24

require github.com/pocketbase/pocketbase v0.36.8
