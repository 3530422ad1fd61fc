//go:build unix

package systrace

import (
	"log/syslog"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/internal/quote"
)

// syslogger writes to the system log.
func syslogger() (sink, error) {
	w, err := syslog.New(syslog.LOG_WARNING|syslog.LOG_USER, "systrace")
	if err != nil {
		return nil, err
	}
	return func(r *enforce.Record) error { return w.Warning(quote.Text(r.Line)) }, nil
}
