/* embedded.h - the style sheet of pictures, inside of the binary (made by base/embed.cmake). */
#ifndef PICTURE_EMBEDDED_H
#define PICTURE_EMBEDDED_H

extern const char embedded_picture_style[]; // picture.css

#endif
