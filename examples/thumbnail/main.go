// Thumbnail reads an image that nobody vouches for (PNG, JPEG or GIF) from
// standard input and writes a small PNG to standard output. Decoders have had
// holes; this one runs where a hole leads nowhere: with stdio alone it can read
// and write the two descriptors and compute.
//
//	thumbnail <picture.jpg >small.png
package main

import (
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	"image/png"
	"log"
	"os"

	"github.com/pledge-linux/pledge/pledge"
)

const side = 64

func main() {
	if err := pledge.Pledge("stdio", ""); err != nil {
		log.Fatal(err)
	}
	picture, _, err := image.Decode(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	small, err := shrink(picture)
	if err == nil {
		err = png.Encode(os.Stdout, small)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// shrink takes one pixel of each square.
func shrink(p image.Image) (image.Image, error) {
	b := p.Bounds()
	longest := max(b.Dx(), b.Dy())
	if longest == 0 {
		return nil, fmt.Errorf("an image without pixels")
	}
	w, h := max(1, b.Dx()*side/longest), max(1, b.Dy()*side/longest)
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			small.Set(x, y, p.At(b.Min.X+x*b.Dx()/w, b.Min.Y+y*b.Dy()/h))
		}
	}
	return small, nil
}
