// Package library runs the rows of OpenBSD's behaviour that a program meets by
// calling pledge and unveil itself, and real work under promises.
package library
