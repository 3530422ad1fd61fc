package programs

// A Client fetches a page whose address is appended to Run.
type Client struct {
	Name, Promises, Run string
	Beyond, Report      string
}

// Clients is the list.
var Clients = []Client{
	{"curl", "stdio rpath inet dns", "curl -s", "curl -s -o f", `needs promises "wpath cpath"`},
	{"wget", "stdio rpath inet dns", "wget -q --no-hsts -O -", "wget -q --no-hsts -O f", `needs promises "wpath cpath"`},
}

// A Server is started with Run, asked, and must answer Want; with Fewer
// promises it is refused something that Report names.
type Server struct {
	Name, Promises string
	Needs, Unveil  []string
	Build          string // Go package of the program, built as $T/server
	Files          map[string]string
	Run            string
	Ask            string // http or redis
	Want           string
	Fewer, Report  string
}

const nginxConf = `user root; daemon off; pid $T/nginx.pid; error_log stderr error; worker_processes 1;
events { worker_connections 64; }
http { access_log off; client_body_temp_path $T/t1; proxy_temp_path $T/t2; fastcgi_temp_path $T/t3; uwsgi_temp_path $T/t4; scgi_temp_path $T/t5;
server { listen 127.0.0.1:$PORT; root $T/www; } }
`

// Servers is the list.
var Servers = []Server{
	{Name: "nginx", Promises: "stdio rpath wpath cpath fattr chown inet unix proc id getpw sendfd recvfd", Needs: []string{"nginx"},
		Unveil: []string{"rwc:$T", "r:/etc", "r:/usr/share", "rw:/dev/null", "r:/var/log"},
		Files:  map[string]string{"nginx.conf": nginxConf}, Run: "nginx -p $T -c nginx.conf -e stderr", Ask: "http", Want: "page\n",
		Fewer: "stdio rpath wpath cpath fattr chown proc id getpw", Report: `needs promise "inet"`},
	{Name: "redis-server", Promises: "stdio rpath wpath cpath fattr flock inet proc", Needs: []string{"redis-server"},
		Run: "redis-server --port $PORT --bind 127.0.0.1 --dir $T --daemonize no", Ask: "redis", Want: "+OK +OK $1 v ",
		Fewer: "stdio rpath", Report: `needs promise`},
	{Name: "static Go server", Promises: "stdio rpath inet", Build: "./testdata/server",
		Run: "$T/server 127.0.0.1:$PORT $T/www", Ask: "http", Want: "page\n",
		Fewer: "stdio rpath", Report: `needs promise "inet"`},
}
