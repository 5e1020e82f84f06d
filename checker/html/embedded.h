/* embedded.h - the style sheets, which travel inside the binary (made by base/embed.cmake). */
#ifndef HTML_EMBEDDED_H
#define HTML_EMBEDDED_H

extern const char embedded_style[];         // checker/html/style.css
extern const char embedded_picture_style[]; // checker/picture/picture.css

#endif
