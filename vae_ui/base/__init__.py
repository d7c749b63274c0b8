"""What every page uses: colours, images as HTML, translated and escaped text, and the state that is kept between pages."""
