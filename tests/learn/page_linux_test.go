package learn

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestPage: the page that --html writes is read by a browser, and is what was
// learned.
func TestPage(t *testing.T) {
	testbed.Need(t, "chromium")
	dir := testbed.Dir(t, os.Getuid())
	testbed.Write(t, os.Getuid(), filepath.Join(dir, "<b>&.txt"), "text\n", 0o644)
	r := testbed.Run(t, os.Getuid(), dir, nil, "", testbed.Pledge(t), "learn", "--html", "page.html", "-o", "line", "--", "cat", "<b>&.txt")
	if r.Status != 0 || r.Stdout != "text\n" {
		t.Fatalf("%+v", r)
	}
	text, err := os.ReadFile(filepath.Join(dir, "page.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, outside := range []string{"http://", "https://", "src=", "<script", "@import", "<link"} {
		if strings.Contains(string(text), outside) {
			t.Errorf("the page needs something beside itself: %s", outside)
		}
	}
	cmd := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"), "--dump-dom", "file://"+filepath.Join(dir, "page.html"))
	cmd.Env = append(os.Environ(), "HOME="+dir)
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	for _, want := range []string{
		`<td><code>rpath</code></td><td>read the file system</td>`,
		`<code>openat("&lt;b&gt;&amp;.txt", O_RDONLY)</code></td><td>cat</td>`,
		`/&lt;b&gt;&amp;.txt</span><span class="perms">r</span>`,
		`<pre id="command">pledge "stdio rpath"`,
	} {
		if !strings.Contains(string(dom), want) {
			t.Errorf("the browser has not %s in:\n%s", want, dom)
		}
	}
}
