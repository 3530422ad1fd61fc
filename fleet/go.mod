module github.com/pledge-linux/pledge/fleet

go 1.26.0

require github.com/pledge-linux/pledge v0.0.0

replace github.com/pledge-linux/pledge => ../
