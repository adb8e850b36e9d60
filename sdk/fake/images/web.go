package images

import (
	"testing/fstest"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/images/internal/web"
)

func init() {
	unix.Register(programNginx, web.Nginx)
	unix.Register(programHttpd, web.Apache)
	unix.Register(programKuard, web.Kuard)
}

// Nginx serves /usr/share/nginx/html on port 80, and logs each request. Of what stands in /etc/nginx/conf.d it knows listen, server_name,
// root, index, alias, try_files, return and locations by prefix or exact path; anything else keeps it from starting, with an error in its
// log that names what.
var Nginx = newImage(
	[]string{"nginx", "registry.k8s.io/e2e-test-images/nginx", "registry.k8s.io/nginx", "k8s.gcr.io/nginx", "registry.k8s.io/nginx-slim",
		"k8s.gcr.io/nginx-slim", "nginxinc/nginx-unprivileged"},
	tree(busyboxFiles("/bin"), fstest.MapFS{
		"usr/sbin/nginx":                  program(programNginx),
		"usr/bin/curl":                    program(programCurl),
		"docker-entrypoint.sh":            script("#!/bin/sh\nexec \"$@\"\n"),
		"bin/bash":                        link("/bin/busybox"),
		"etc/nginx/nginx.conf":            text("include /etc/nginx/conf.d/*.conf;\n"),
		"etc/nginx/conf.d/default.conf":   text(nginxDefault),
		"usr/share/nginx/html/index.html": text(nginxWelcome),
		"usr/share/nginx/html/50x.html":   text("<!DOCTYPE html>\n<html>\n<head>\n<title>Error</title>\n</head>\n<body>\n<h1>An error occurred.</h1>\n</body>\n</html>\n"),
		"var/log/nginx/access.log":        link("/dev/stdout"),
		"var/log/nginx/error.log":         link("/dev/stderr"),
	}),
	fake.Env("PATH="+standardPath, "NGINX_VERSION=1.27.0"),
	fake.Entrypoint("/docker-entrypoint.sh"), fake.Cmd("nginx", "-g", "daemon off;"),
)

const nginxDefault = `server {
    listen       80;
    listen  [::]:80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`

const nginxWelcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>This page is served by a ready-made image of Podwright, which stands for the web server nginx.</p>
</body>
</html>
`

// Httpd is Apache's web server: it serves /usr/local/apache2/htdocs on port 80, and logs each request. Its configuration is not read.
var Httpd = newImage(
	[]string{"httpd", "registry.k8s.io/e2e-test-images/httpd", "k8s.gcr.io/httpd"},
	tree(busyboxFiles("/bin"), fstest.MapFS{
		"usr/local/bin/httpd-foreground":      program(programHttpd),
		"usr/local/apache2/bin/httpd":         program(programHttpd),
		"bin/bash":                            link("/bin/busybox"),
		"bin/httpd":                           link("/usr/local/apache2/bin/httpd"),
		"usr/local/apache2/htdocs/index.html": text("<html><body><h1>It works!</h1></body></html>\n"),
		"usr/local/apache2/conf/httpd.conf":   text("# not read by this image\n"),
	}),
	fake.Env("PATH=/usr/local/apache2/bin:"+standardPath, "HTTPD_PREFIX=/usr/local/apache2"), fake.WorkingDir("/usr/local/apache2"),
	fake.Cmd("httpd-foreground"),
)

// Kuard shows on port 8080 which pod it runs in, with its environment at /env/api and its files at /fs/. Its probes /healthy and /ready
// fail when they are told to, by PUT /healthy/api {"failNext": 3}.
var Kuard = newImage(
	[]string{"gcr.io/kuar-demo/kuard-amd64", "gcr.io/kuar-demo/kuard"},
	tree(busyboxFiles("/bin"), fstest.MapFS{"kuard": program(programKuard)}),
	fake.Env("PATH="+standardPath), fake.Cmd("/kuard"),
)
