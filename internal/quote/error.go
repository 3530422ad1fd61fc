package quote

import (
	"errors"
	"strings"
)

// Error is an error's text on one line. Errors that were joined stand one after
// the other; a newline within one, which may be a name's, is escaped.
func Error(err error) string { return strings.Join(Errors(err), " ") }

// Errors are the texts of the errors that errors.Join has put together.
func Errors(err error) (list []string) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || err.Error() != errors.Join(joined.Unwrap()...).Error() { // fmt.Errorf has a text of its own
		return []string{Text(err.Error())}
	}
	for _, e := range joined.Unwrap() {
		list = append(list, Errors(e)...)
	}
	return list
}
